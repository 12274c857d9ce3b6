import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measurement, summarise } from "../measure.ts";
import type { Contender } from "./contender.ts";
import { KEY_OBJECTS, TYPESCRIPT, WEBASSEMBLY, WITH_NEW_ARRAYS } from "./in-javascript.ts";
import { cryptopp, plainC } from "./in-native-code.ts";
import { SUITE_CASES, type SuiteCase } from "./suite-case.ts";

/** Some milliseconds each, so that all contenders meet the same state of the machine. */
const REPEATS = 5000;
const WARM_UP_ROUNDS = 4;

export interface SuiteMeasurement {
  readonly name: string;
  /** Nanoseconds a derivation. */
  readonly contenders: readonly Measurement[];
}

/**
 * Suites 0 and 1 by everybody, round after round in turn. Each round is a chain of derivations from the same
 * keys, and ends in the same keys for all: else this throws.
 */
export async function measureSuites(rounds: number): Promise<SuiteMeasurement[]> {
  const folder = mkdtempSync(join(tmpdir(), "warren-bench-"));
  const contenders = [
    WEBASSEMBLY,
    plainC(folder),
    cryptopp(folder),
    WITH_NEW_ARRAYS,
    KEY_OBJECTS,
    TYPESCRIPT,
  ].filter((contender) => contender !== undefined);
  try {
    const measured: SuiteMeasurement[] = [];
    for (const suiteCase of SUITE_CASES) {
      measured.push({
        name: suiteCase.name,
        contenders: await measureCase(suiteCase, contenders, rounds),
      });
    }
    return measured;
  } finally {
    for (const { close } of contenders) close?.();
    rmSync(folder, { recursive: true });
  }
}

async function measureCase(
  suiteCase: SuiteCase,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Measurement[]> {
  const samples = contenders.map((): number[] => []);
  let expected: string | undefined;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [index, { name, run }] of contenders.entries()) {
      const { ns, lastKeys } = await run(suiteCase, REPEATS);
      expected ??= lastKeys;
      if (lastKeys !== expected) throw new Error(`${name}: other keys for ${suiteCase.name}`);
      if (round >= 0) samples[index]?.push(ns / REPEATS);
    }
  }
  return contenders.map(({ name }, index) => summarise(name, samples[index] as number[]));
}
