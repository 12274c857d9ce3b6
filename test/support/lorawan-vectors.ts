import file from "../vectors/lorawan.json" with { type: "json" };

/** Kinds of `test/vectors/lorawan.json` that the tests of `src/crypto` consume. */
export const CRYPTO_KINDS = [
  "aes-cmac",
  "aes-kw",
  "hkdf-sha256",
  "aes-ecb",
  "key-envelope",
] as const;

/** Kinds that `test/lorawan/vectors.test.ts` consumes. */
export const LORAWAN_KINDS = [
  "join-request",
  "join-accept-1.0",
  "join-accept-1.1",
  "join-accept-encrypt",
  "join-accept-mic-1.0",
  "join-accept-mic-1.1",
  "session-keys-1.0",
  "session-keys-1.1",
  "session-keys-1.1-optneg0",
  "negative-rejoin-keys",
  "js-keys",
  "rejoin-request",
  "data-up-1.0",
  "data-down-1.0",
  "data-up-1.1",
  "data-down-1.1",
  "data-mic-1.0",
  "data-mic-1.1",
  "frm-payload-crypt",
  "fopts-crypt-1.1",
  "mc-root-key",
  "mc-ke-key",
  "mc-session-keys",
  "mc-key-wrap",
  "relay-root-wor-key",
  "relay-wor-session-keys",
] as const;

export type VectorKind = (typeof CRYPTO_KINDS)[number] | (typeof LORAWAN_KINDS)[number];

/** One published value; which fields there are depends on the kind. */
export interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export const vectors = file.vectors as unknown as readonly Vector[];

export function vectorsOf(kind: VectorKind): readonly Vector[] {
  return vectors.filter((vector) => vector.kind === kind);
}
