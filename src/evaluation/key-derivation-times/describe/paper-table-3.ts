import type { DerivationId } from "../derivations.ts";

/** A row of Table 3 of Han and Wang, as printed. Sizes are those of `derivationOf`. */
export interface PaperRow {
  readonly derivation: PaperDerivation;
  readonly algorithm: string;
  /** "Average execution time (ms)"; what unit it really has is disputed. */
  readonly t: number;
}

export type PaperDerivation = Extract<DerivationId, "rabbit-split-80" | "hkdf-sha1" | "aes-ecb">;

const RABBIT_T = 0.0092;

export const PAPER_TABLE_3: readonly PaperRow[] = [
  { derivation: "rabbit-split-80", algorithm: "Rabbit Based KDF", t: RABBIT_T },
  { derivation: "hkdf-sha1", algorithm: "Hash Based KDF (HKDF-SHA1)", t: 0.1215 },
  { derivation: "aes-ecb", algorithm: "AES-ECB mode (session key)", t: 0.1313 },
];

/** Of the i7-7700K that the paper measured on. */
export const PAPER_CLOCK_GHZ = 4.2;
/** "The computing time is for 10,000 repeats of each method." */
export const PAPER_REPEATS = 10_000;

/** The paper's times as multiples of that of its Rabbit-based KDF: 1, 13.2, 14.3. */
export function paperRatio({ t }: PaperRow): number {
  return t / RABBIT_T;
}

export function paperRowOf(derivation: PaperDerivation): PaperRow {
  return PAPER_TABLE_3.find((row) => row.derivation === derivation) as PaperRow;
}
