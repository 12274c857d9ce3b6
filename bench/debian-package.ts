import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A package of Debian, and a file that is there once it is installed. */
export interface DebianPackage {
  readonly name: string;
  readonly provides: string;
}

/** Whether the package is there. As root it is installed if it is not; that says what it does. */
export function hasDebianPackage({ name, provides }: DebianPackage): boolean {
  if (existsSync(provides)) return true;
  if (process.getuid?.() !== 0) return false;
  console.error(`warren: installing ${name} for the benchmark...`);
  // The list of packages may be missing or old: it is loaded only when the first try fails.
  return (aptInstall(name) || (aptGet("update") && aptInstall(name))) && existsSync(provides);
}

function aptInstall(name: string): boolean {
  return aptGet("install", "-y", "--no-install-recommends", name);
}

function aptGet(...options: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", ["-qq", ...options], { env, stdio: "ignore" }).status === 0;
}
