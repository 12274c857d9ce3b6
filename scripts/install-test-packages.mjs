// Installs the Debian packages that tests need, where that can be done without asking: as root, with
// apt-get. Elsewhere the tests that need one are skipped and say so; with CI set that is a failure. Plain
// JavaScript, because it runs on whatever Node the machine has.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Each with a file that is there once the package is installed. */
const PACKAGES = [
  { name: "softhsm2", provides: "/usr/bin/softhsm2-util" },
  { name: "spin", provides: "/usr/bin/spin" },
  // SPIN writes its verifier in C.
  { name: "gcc", provides: "/usr/bin/gcc" },
  { name: "libc6-dev", provides: "/usr/include/stdio.h" },
  // Opens the report of the evaluation, with letters that have a size.
  { name: "chromium", provides: "/usr/bin/chromium" },
  { name: "fonts-dejavu-core", provides: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" },
];

const missing = missingPackages();
if (process.platform === "linux" && missing.length > 0) install(missing);

function install(names) {
  const isRoot = process.getuid() === 0;
  if (isRoot && existsSync("/usr/bin/apt-get")) {
    process.stderr.write(`warren: installing ${names.join(", ")} for the tests...\n`);
    if (aptInstall(names)) return;
    // The list of packages may be missing or old: it is loaded only when the first try fails.
    aptGet(["update", "-qq"]);
    if (aptInstall(names)) return;
    // One that this distribution does not have keeps the others from being installed.
    for (const name of names) aptInstall([name]);
  }
  const absent = missingPackages();
  if (absent.length === 0) return;
  process.stderr.write(`warren: tests that need ${absent.join(", ")} are skipped\n`);
  if (process.env.CI) process.exit(1);
}

function missingPackages() {
  return PACKAGES.filter(({ provides }) => !existsSync(provides)).map(({ name }) => name);
}

function aptInstall(names) {
  return aptGet(["install", "-y", "-qq", "--no-install-recommends", ...names]);
}

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "ignore"] }).status === 0;
}
