import { ALL_SUITES, formatSuite, type Suite } from "../../root-key/suite.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { openAnsiCLcgKeys } from "./ansi-c-lcg.ts";
import { openCounterKeys } from "./counter-keys.ts";
import { openEightBitKeys, openEightBitSeedKeys } from "./eight-bit-keys.ts";
import { KEY_BYTES, type KeyStreamSource } from "./key-stream.ts";
import { openRatchetKeys } from "./ratchet-keys.ts";
import { openWeylKeys } from "./weyl-keys.ts";

const WEAK_SOURCES: readonly KeyStreamSource[] = [
  {
    id: "eight-bit-keys",
    label: "8-bit keys",
    kind: "weak",
    description: "One of 256 keys each time: every octet is a permutation of one random octet.",
    open: openEightBitKeys,
  },
  {
    id: "eight-bit-seed",
    label: "8-bit seed",
    kind: "weak",
    description:
      "AES-256 in counter mode, seeded with one random octet: 256 possible streams of keys.",
    open: openEightBitSeedKeys,
  },
  {
    id: "ansi-c-lcg",
    label: "ANSI C LCG",
    kind: "weak",
    description:
      "The linear congruential generator of the C standard, the low eight bits of each call: " +
      "its state of 32 bits is found from a few octets.",
    open: openAnsiCLcgKeys,
  },
  {
    id: "weyl",
    label: "i × odd constant",
    kind: "weak",
    description:
      "The i-th multiple of an odd constant modulo 2^128 (a Weyl sequence): no secret at all.",
    open: openWeylKeys,
  },
];

const CONTROL_SOURCE: KeyStreamSource = {
  id: "aes-ctr",
  label: "AES-CTR (control)",
  kind: "control",
  description: "AES-256 in counter mode under a key from the seed.",
  open: ({ seed, sequence = 0 }) => {
    const random = new SeededRandom(seed, `control ${sequence}`);
    return { next: () => random.bytes(KEY_BYTES) };
  },
};

/** Every source: each suite in counter mode, each in ratchet mode, the weak ones, the control. */
export const KEY_STREAM_SOURCES: readonly KeyStreamSource[] = [
  ...ALL_SUITES.map(counterSource),
  ...ALL_SUITES.map(ratchetSource),
  ...WEAK_SOURCES,
  CONTROL_SOURCE,
];

/** @throws RangeError for an id that no source has */
export function findKeyStreamSource(id: string): KeyStreamSource {
  const found = KEY_STREAM_SOURCES.find((source) => source.id === id);
  if (found === undefined) {
    throw new RangeError(`no source of keys is called ${id}`);
  }
  return found;
}

function counterSource(suite: Suite): KeyStreamSource {
  return {
    id: `${formatSuite(suite)}-counter`,
    label: `${formatSuite(suite)}, counter`,
    kind: "counter",
    suite,
    description: `Suite ${suite} with fixed root keys and a context that counts.`,
    open: (options) => openCounterKeys(suite, options),
  };
}

function ratchetSource(suite: Suite): KeyStreamSource {
  return {
    id: `${formatSuite(suite)}-ratchet`,
    label: `${formatSuite(suite)}, ratchet`,
    kind: "ratchet",
    suite,
    description: `Suite ${suite}, each output the root keys of the next update, contexts as in real updates.`,
    open: (options) => openRatchetKeys(suite, options),
  };
}
