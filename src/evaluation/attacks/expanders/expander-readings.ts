import { xorBytes } from "../../../crypto/bytes/xor.ts";
import { rabbitBlock } from "../../../crypto/rabbit/rabbit.ts";

/** Both new keys, 16 octets each. */
export interface ExpandedKeys {
  readonly nwkKey: Uint8Array;
  readonly appKey: Uint8Array;
}

/** From the key derivation key, the old AppKey (kb) and the context to the new keys. */
export type Expander = (kdk: Uint8Array, kb: Uint8Array, context: Uint8Array) => ExpandedKeys;

/** A way to read what the paper's Table 2 says of the expander. */
export interface ExpanderReading {
  readonly name: "E0" | "E1" | "E2" | "E3";
  readonly rule: string;
  readonly expand: Expander;
}

/**
 * Section 3.1.2 and Table 2 of the paper can be read in four ways. For comparison alone: E1 is suite 0, and
 * no other may ever make a key. R(K) is the first block of Rabbit's keystream under K; in E1, E2 and E3
 * B0 = kkdk[0..7] ‖ kb[0..7] and B1 = kkdk[8..15] ‖ kb[8..15].
 */
export const EXPANDER_READINGS: readonly ExpanderReading[] = [
  {
    name: "E0",
    rule: "B0 = kkdk, B1 = kb: k'a = R(B0), k'b = R(k'a XOR B1)",
    expand: (kdk, kb) => {
      const nwkKey = rabbitBlock(kdk);
      return { nwkKey, appKey: rabbitBlock(xorBytes(nwkKey, kb)) };
    },
  },
  {
    name: "E1",
    rule: "k'a = R(B0), k'b = R(k'a XOR B1)",
    expand: (kdk, kb) => {
      const nwkKey = rabbitBlock(joinHalves(kdk, kb, 0));
      return { nwkKey, appKey: rabbitBlock(xorBytes(nwkKey, joinHalves(kdk, kb, 8))) };
    },
  },
  {
    name: "E2",
    rule: "k'a = R(B0), k'b = R(B1)",
    expand: (kdk, kb) => ({
      nwkKey: rabbitBlock(joinHalves(kdk, kb, 0)),
      appKey: rabbitBlock(joinHalves(kdk, kb, 8)),
    }),
  },
  {
    name: "E3",
    rule: "k'a = R(B0), k'b = R(k'a)",
    expand: (kdk, kb) => {
      const nwkKey = rabbitBlock(joinHalves(kdk, kb, 0));
      return { nwkKey, appKey: rabbitBlock(nwkKey) };
    },
  },
];

function joinHalves(kdk: Uint8Array, kb: Uint8Array, offset: number): Uint8Array {
  return Uint8Array.of(...kdk.subarray(offset, offset + 8), ...kb.subarray(offset, offset + 8));
}

/** @throws RangeError for a name that no reading has */
export function findExpanderReading(name: string): ExpanderReading {
  const found = EXPANDER_READINGS.find((reading) => reading.name === name);
  if (found === undefined) throw new RangeError(`no reading of the expander is called ${name}`);
  return found;
}
