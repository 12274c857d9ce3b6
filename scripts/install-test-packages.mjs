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
];

const missing = PACKAGES.filter(({ provides }) => !existsSync(provides)).map(({ name }) => name);
if (process.platform === "linux" && missing.length > 0) install(missing);

function install(names) {
  const isRoot = process.getuid() === 0;
  if (isRoot && existsSync("/usr/bin/apt-get")) {
    process.stderr.write(`warren: installing ${names.join(", ")} for the tests...\n`);
    const packages = ["install", "-y", "-qq", "--no-install-recommends", ...names];
    // The list of packages may be missing or old: it is loaded only when the first try fails.
    if (aptGet(packages) || (aptGet(["update", "-qq"]) && aptGet(packages))) return;
  }
  process.stderr.write(`warren: tests that need ${names.join(", ")} are skipped\n`);
  if (process.env.CI) process.exit(1);
}

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "ignore"] }).status === 0;
}
