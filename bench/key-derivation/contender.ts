import type { SuiteCase } from "./suite-case.ts";

/** One round: derivations in a chain, each from the keys that the one before gave. */
export interface Round {
  readonly ns: number;
  /** NwkKey and AppKey of the last, in hexadecimal: wrong if any of the chain was. */
  readonly lastKeys: string;
}

export interface Contender {
  readonly name: string;
  /** Derives `repeats` times from `FIRST_KEYS`. */
  readonly run: (suiteCase: SuiteCase, repeats: number) => Round | Promise<Round>;
  readonly close?: () => void;
}
