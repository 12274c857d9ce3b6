import type { Suite } from "../../root-key/suite.ts";

export const KEY_BYTES = 16;

/** Keys one after another, without end. */
export interface KeyStream {
  /** The next key: 16 octets, the caller's to keep. */
  next(): Uint8Array;
}

/** Which of the two new root keys of a derivation a stream has. */
export type DerivedKeys =
  /** NwkKey', AppKey', and so on in turn: the whole output. */
  | "both"
  /** NwkKey' alone, the paper's k'a. */
  | "nwk-key";

export interface KeyStreamOptions {
  readonly seed: string;
  /** 0 to 2^32 - 1: streams of different sequences can be made apart, in any order. Default 0. */
  readonly sequence?: number;
  /** Of the suites alone. Default `both`. */
  readonly keys?: DerivedKeys;
}

/**
 * `counter` and `ratchet` are derived by a suite; `weak` has a defect that makes its keys unusable;
 * `control` is as random as anything known.
 */
export type KeyStreamKind = "counter" | "ratchet" | "weak" | "control";

/** Where keys come from. It opens in any thread by its id: nothing but text and numbers need be sent. */
export interface KeyStreamSource {
  /** Unique: `rabbit-counter`. */
  readonly id: string;
  /** For figures and tables: `rabbit, counter`. */
  readonly label: string;
  readonly kind: KeyStreamKind;
  readonly suite?: Suite;
  /** How the keys are made, and what is wrong with them in a weak one: a sentence. */
  readonly description: string;
  /** The stream from its first key on: the same options, the same keys. */
  open(options: KeyStreamOptions): KeyStream;
}
