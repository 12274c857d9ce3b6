// Builds the web console into web/dist when that is missing or stale; with --always in any case. Plain
// JavaScript for the Node that the machine has. Two at a time do not disturb each other: each builds into a
// folder of its own, which then takes the place of the old one.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const web = join(root, "web");
const dist = join(web, "dist");
/** The hash of what a build was made of, in its folder. */
const STAMP = ".inputs";
/** A folder that is being made, or on its way out. */
const TEMPORARY = ".dist-";
const COMPRESSED = new Set([".js", ".css", ".html", ".svg"]);
const SWAP_TRIES = 20;
/** No build takes so long. */
const LEFTOVER_MS = 3_600_000;

const inputs = hashOfInputs();
if (process.argv.includes("--always") || stampOf(dist) !== inputs) build();

function build() {
  process.stderr.write("warren: building the console...\n");
  removeLeftovers();
  const folder = join(web, `${TEMPORARY}${process.pid}`);
  try {
    const vite = join(root, "node_modules/vite/bin/vite.js");
    const args = [vite, "build", "--logLevel=warn", `--outDir=${folder}`, "--emptyOutDir"];
    // Standard output belongs to whoever called.
    const { status } = spawnSync(process.execPath, args, { cwd: web, stdio: ["ignore", 2, 2] });
    if (status !== 0) {
      process.stderr.write("warren: the console could not be built; see above what is wrong\n");
      process.exitCode = 1;
      return;
    }
    for (const path of filesBelow(folder)) compress(path);
    writeFileSync(join(folder, STAMP), inputs);
    takePlace(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of builds that were killed. */
function removeLeftovers() {
  for (const name of readdirSync(web).filter((each) => each.startsWith(TEMPORARY))) {
    const path = join(web, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > LEFTOVER_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** A copy in each encoding beside the file, where it is smaller. */
function compress(path) {
  if (!COMPRESSED.has(extname(path))) return;
  const content = readFileSync(path);
  const quality = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const copies = {
    br: brotliCompressSync(content, { params: quality }),
    gz: gzipSync(content, { level: 9 }),
  };
  for (const [extension, copy] of Object.entries(copies)) {
    if (copy.length < content.length) writeFileSync(`${path}.${extension}`, copy);
  }
}

/** A folder cannot replace another one in one step, so somebody else may come in between. */
function takePlace(folder) {
  const old = `${folder}-old`;
  for (let tries = 1; ; tries++) {
    try {
      renameSync(folder, dist);
      return;
    } catch (error) {
      if (tries === SWAP_TRIES) throw error;
    }
    try {
      renameSync(dist, old);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    rmSync(old, { recursive: true, force: true });
  }
}

function stampOf(folder) {
  const file = join(folder, STAMP);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function hashOfInputs() {
  const hash = createHash("sha256");
  const files = [
    ...filesBelow(web),
    join(root, "package-lock.json"),
    join(root, "tsconfig.json"),
    fileURLToPath(import.meta.url),
  ];
  for (const path of files) {
    const content = readFileSync(path);
    hash.update(`${path.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** In an order that is always the same, without what a build makes. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (path === dist || entry.name.startsWith(TEMPORARY)) return [];
      if (entry.name === "node_modules") return [];
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}
