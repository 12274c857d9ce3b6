import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { geteuid } from "node:process";
import { WarrenError } from "../../errors.ts";

/** Bits that let anybody but the owner at a file, or change what is in a folder. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/** How a file is called until it is whole. */
const TEMPORARY = ".new";

/** Windows has no such bits: there, rights are inherited from the folder. */
const HAS_MODES = process.platform !== "win32";

/**
 * The text of a file that only its owner may read or change; undefined when there is none.
 *
 * @throws WarrenError `vault-unavailable` for rights that are too open, or when it cannot be read
 */
export async function readOwnerOnlyFile(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, "r");
    try {
      const folder = await stat(dirname(path));
      const { mode } = await file.stat();
      refuseOpenRights(path, mode & OTHERS, "600");
      refuseOpenRights(dirname(path), folder.mode & OTHERS_WRITE, "700");
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asUnavailable(error, `cannot read ${path}`);
  }
}

/**
 * Makes a file and its folder with rights for the owner only. It is whole and on disk when it appears.
 *
 * @returns false when there is one already, which stays as it is
 * @throws WarrenError `vault-unavailable`
 */
export async function createOwnerOnlyFile(path: string, text: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporaryPath = `${path}.${randomUUID()}${TEMPORARY}`;
    await writeTemporaryFile(temporaryPath, text, dirname(path));
    // A second name for the same file fails where there is one already; a rename would not.
    const isNew = await linked(temporaryPath, path);
    await rm(temporaryPath);
    await syncFolder(path);
    return isNew;
  } catch (error) {
    throw asUnavailable(error, `cannot write ${path}`);
  }
}

/**
 * Puts a new text in the place of the old one; after a crash it is one or the other. Removes what a crash
 * has left of earlier texts. For one process at a time.
 *
 * @throws WarrenError `vault-unavailable`
 */
export async function replaceOwnerOnlyFile(path: string, text: string): Promise<void> {
  try {
    const temporaryPath = `${path}${TEMPORARY}`;
    await rm(temporaryPath, { force: true });
    await writeTemporaryFile(temporaryPath, text, path);
    await rename(temporaryPath, path);
    for (const name of await readdir(dirname(path))) {
      const isLeft = name.startsWith(`${basename(path)}.`) && name.endsWith(TEMPORARY);
      if (isLeft) await rm(join(dirname(path), name));
    }
    await syncFolder(path);
  } catch (error) {
    throw asUnavailable(error, `cannot write ${path}`);
  }
}

/** @param ownedAs a file or folder whose owner the new file gets, so that root may act for a service */
async function writeTemporaryFile(path: string, text: string, ownedAs: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    if (geteuid?.() === 0) {
      const { uid, gid } = await stat(ownedAs);
      await file.chown(uid, gid);
    }
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** False when `path` is there already. */
async function linked(existingPath: string, path: string): Promise<boolean> {
  try {
    await link(existingPath, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Without this a new name may be gone after a loss of power. */
async function syncFolder(path: string): Promise<void> {
  if (!HAS_MODES) return;
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refuseOpenRights(path: string, tooOpen: number, wanted: string): void {
  if (!HAS_MODES || tooOpen === 0) return;
  throw new WarrenError(
    "vault-unavailable",
    `${path} is open to other users of this machine: run chmod ${wanted} ${path}`,
  );
}

function asUnavailable(error: unknown, what: string): WarrenError {
  if (error instanceof WarrenError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new WarrenError("vault-unavailable", `${what} (${code})`, { cause: error });
}
