import { join } from "node:path";
import type { ImplementationId } from "../implementations.ts";
import type { ProcessorInstructions } from "./processor-instructions.ts";

/** How the C sources are compiled for one class of implementations. */
export interface Build {
  readonly id: ImplementationId;
  readonly options: readonly string[];
  /** Full names. */
  readonly sources: readonly string[];
}

const FOLDER = join(import.meta.dirname, "..", "c");

const COMMON = [
  "main.c",
  "derivations.c",
  "primitives/rabbit.c",
  "primitives/hkdf.c",
  "primitives/cmac.c",
];
const PORTABLE_AES = ["primitives/aes.c"];
const PORTABLE_SHA = ["primitives/sha1.c", "primitives/sha256.c"];

export const UNOPTIMISED = build("c-o0", ["-O0"], [...PORTABLE_AES, ...PORTABLE_SHA]);
export const OPTIMISED = build("c-o2", ["-O2"], [...PORTABLE_AES, ...PORTABLE_SHA]);
const WITH_AES = build("c-aes-ni", ["-O2", "-maes"], ["primitives/aes-ni.c", ...PORTABLE_SHA]);
const WITH_AES_AND_SHA = build(
  "c-aes-sha-ni",
  ["-O2", "-maes", "-msse4.1", "-msha"],
  ["primitives/aes-ni.c", "primitives/sha-ni.c"],
);

/** The build with all instructions that the processor has for AES and hashing. */
export function buildWithInstructions({
  hasAes,
  hasSha,
}: ProcessorInstructions): Build | undefined {
  if (!hasAes) return undefined;
  return hasSha ? WITH_AES_AND_SHA : WITH_AES;
}

function build(
  id: ImplementationId,
  options: readonly string[],
  sources: readonly string[],
): Build {
  return { id, options, sources: [...COMMON, ...sources].map((file) => join(FOLDER, file)) };
}
