import type { DerivationId } from "./derivations.ts";

/** What a derivation is given: the old NwkKey (the paper's ka), the old AppKey (kb), the context c. */
export interface DeriveInput {
  /** 16 octets. */
  readonly nwkKey: Uint8Array;
  /** 16 octets. */
  readonly appKey: Uint8Array;
  /** As many octets as the derivation wants; session keys take the first 13. */
  readonly context: Uint8Array;
}

/** Octets in, octets out: importing keys is part of the time. @returns `ul` octets */
export type Derive = (input: DeriveInput) => Uint8Array;

export type Implementation = Readonly<Partial<Record<DerivationId, Derive>>>;
