import { systemClock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import { lockFile } from "../../storage/sqlite-database.ts";
import {
  beginRotation,
  finishRotation,
  pendingRotation,
  prepareMasterKey,
  type RotationContext,
} from "../../vault/rotation.ts";
import type { VaultSettings } from "../../vault/vault-settings.ts";
import type { ConfigOptions } from "../config/config-options.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";
import { SweepProgress } from "./sweep-progress.ts";
import { withVaultDatabase } from "./vault-database.ts";

/** A second one ends the process at once, which does no harm either. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** `warren vault rotate --prepare`. */
export async function runPrepare(options: ConfigOptions): Promise<void> {
  await withRotation(options, async (context) => {
    const { version, isNew } = await prepareMasterKey(context);
    const what = isNew ? "is made" : "was made before";
    console.log(
      `Master key version ${version} ${what} in ${context.places.current.place}, and is not in use.\n` +
        "Copy the key file to every machine that runs a Join Server on this database, then run\n" +
        "warren vault rotate on one of them.",
    );
  });
}

/** `warren vault rotate`. Exit status 1 when it was stopped before its end. */
export async function runRotation(options: ConfigOptions): Promise<void> {
  await withRotation(options, async (context) => {
    const pending = await pendingRotation(context.store, context.places);
    if (pending !== undefined) console.log(`A rotation to version ${pending} goes on.`);
    const target = pending ?? (await beginRotation(context));
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    for (const signal of STOP_SIGNALS) process.once(signal, onSignal);
    const progress = new SweepProgress(process.stderr);
    const isDone = await finishRotation(context, target, {
      signal: stop.signal,
      onProgress: (done, total) => progress.show(done, total),
    }).finally(() => {
      progress.end();
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
    });
    if (isDone) {
      console.log(
        `Every record is encrypted under version ${target}; the keys before are destroyed.\n` +
          "Copy what has the master keys to a safe place now, and make a new backup.",
      );
    } else {
      console.log(
        `Stopped after ${progress.done} of ${progress.total} records. Nothing is lost, and servers go on ` +
          "as before.\nGo on with: warren vault rotate",
      );
      process.exitCode = 1;
    }
  });
}

/** Alone with the key file, on a vault that opens. */
async function withRotation(
  options: ConfigOptions,
  work: (context: RotationContext) => Promise<void>,
): Promise<void> {
  const release = lockKeyFiles(loadJoinServerConfig(options).vault);
  try {
    await withVaultDatabase(options, async ({ store, places, vault, problem }) => {
      if (problem !== undefined) throw problem;
      await work({ store, places, vault, now: systemClock.now, actor: "cli" });
    });
  } finally {
    release();
  }
}

/** Two rotations that write one key file could each undo what the other wrote. */
function lockKeyFiles(settings: VaultSettings | undefined): () => void {
  if (settings === undefined) return () => undefined;
  const releasePrevious = lockKeyFiles(settings.previous);
  if (settings.kind !== "file") return releasePrevious;
  try {
    const release = lockFile(`${settings.path}.lock`);
    return () => {
      release();
      releasePrevious();
    };
  } catch (error) {
    releasePrevious();
    if (!(error instanceof WarrenError) || error.code !== "data-folder-in-use") throw error;
    throw new WarrenError(
      "data-folder-in-use",
      `another warren vault rotate is at work with the key file ${settings.path}; wait for it, or stop it`,
    );
  }
}
