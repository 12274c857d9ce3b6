import { formatHex } from "../../src/lorawan/hex.ts";
import { Suite } from "../../src/root-key/suite.ts";

/** A derivation that everybody does: a suite and a length of its context. */
export interface SuiteCase {
  readonly name: string;
  readonly suite: typeof Suite.Rabbit | typeof Suite.RabbitSplit;
  readonly contextBytes: 64 | 96;
}

export const SUITE_CASES: readonly SuiteCase[] = [
  { name: "suite 0, the paper's 64 octets", suite: Suite.RabbitSplit, contextBytes: 64 },
  { name: "suite 1, the paper's 64 octets", suite: Suite.Rabbit, contextBytes: 64 },
  { name: "suite 0, an update's 96 octets", suite: Suite.RabbitSplit, contextBytes: 96 },
  { name: "suite 1, an update's 96 octets", suite: Suite.Rabbit, contextBytes: 96 },
];

/** Old NwkKey and AppKey; those of the next derivation are what this one gave. */
export const FIRST_KEYS: Uint8Array = new Uint8Array(32).map((_, index) => index);
const CONTEXT = new Uint8Array(96).map((_, index) => 32 + index);

export function contextOf({ contextBytes }: SuiteCase): Uint8Array {
  return CONTEXT.subarray(0, contextBytes);
}

export function inputHex(suiteCase: SuiteCase): string {
  return formatHex(FIRST_KEYS) + formatHex(contextOf(suiteCase));
}
