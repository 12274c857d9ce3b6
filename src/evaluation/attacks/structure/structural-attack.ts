/** A derivation that an attack is tried on: a suite, or a reading of the paper that is no suite. */
export interface AttackTarget {
  readonly name: string;
  /** From root keys and context to the key derivation key. */
  readonly extract: (input: DerivationInput) => Uint8Array;
  /** The whole derivation. */
  readonly derive: (input: DerivationInput) => NewKeys;
  /** The second half of it. */
  readonly expand: (kdk: Uint8Array, appKey: Uint8Array, context: Uint8Array) => NewKeys;
}

export interface DerivationInput {
  readonly nwkKey: Uint8Array;
  readonly appKey: Uint8Array;
  readonly context: Uint8Array;
  readonly sharedSecret?: Uint8Array;
}

export interface NewKeys {
  readonly nwkKey: Uint8Array;
  readonly appKey: Uint8Array;
}

/** A property of a derivation that somebody can use, as a program that succeeds or fails. */
export interface StructuralAttack {
  readonly id: string;
  readonly property: string;
  /** What the program does. */
  readonly method: string;
  /** What stands against it in an update. */
  readonly inUpdates: string;
  /** One attempt on random input: whether it succeeded. */
  readonly attempt: (target: AttackTarget, random: (lengthBytes: number) => Uint8Array) => boolean;
}

/** How often an attack succeeded on a target. */
export interface AttackOutcome {
  readonly attack: string;
  readonly target: string;
  readonly attempts: number;
  readonly successes: number;
}
