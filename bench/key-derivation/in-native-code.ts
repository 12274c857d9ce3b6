import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { hasDebianPackage } from "../debian-package.ts";
import type { Contender } from "./contender.ts";
import { inputHex } from "./suite-case.ts";

const SOURCES = join(import.meta.dirname, "native");
const CRYPTOPP = { name: "libcrypto++-dev", provides: "/usr/include/cryptopp/rabbit.h" };

/** Plain C at -O3. @returns undefined, and says so, without a compiler */
export function plainC(folder: string): Contender | undefined {
  const program = join(folder, "rabbit-kdf");
  const isBuilt = runs("gcc", [
    "-std=c11",
    "-O3",
    "-o",
    program,
    ...sources("rounds.c", "rabbit-kdf.c"),
  ]);
  if (!isBuilt) return skip("plain C", "gcc is not there");
  return ask("C -O3", program);
}

/** Crypto++ of the distribution. @returns undefined, and says so, where it cannot be had */
export function cryptopp(folder: string): Contender | undefined {
  if (!hasDebianPackage(CRYPTOPP)) return skip("Crypto++", `${CRYPTOPP.name} is not there`);
  const [object, program] = [join(folder, "rounds.o"), join(folder, "rabbit-kdf-cryptopp")];
  const isBuilt =
    runs("gcc", ["-std=c11", "-O3", "-c", "-o", object, ...sources("rounds.c")]) &&
    runs("g++", ["-O3", "-o", program, ...sources("rabbit-kdf-cryptopp.cc"), object, "-lcryptopp"]);
  if (!isBuilt) return skip("Crypto++", "gcc or g++ is not there");
  return ask("Crypto++", program);
}

function sources(...names: string[]): string[] {
  return names.map((name) => join(SOURCES, name));
}

function runs(command: string, options: readonly string[]): boolean {
  return spawnSync(command, options, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function skip(name: string, why: string): undefined {
  console.log(`  ${name} is skipped: ${why}`);
}

/** A program that is asked for a round a line (`native/rounds.c`). */
function ask(name: string, program: string): Contender {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    run: async (suiteCase, repeats) => {
      child.stdin.write(`${suiteCase.suite} ${repeats} ${inputHex(suiteCase)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${name} ended`);
      const [ns, lastKeys] = value.split(" ") as [string, string];
      return { ns: Number(ns), lastKeys };
    },
    close: () => child.stdin.end(),
  };
}
