/** A key derivation that is measured. Sizes in octets, named and counted as in the paper's Table 3. */
export interface Derivation {
  readonly id: DerivationId;
  readonly name: string;
  /** Keying material: one root key and the context, or what is encrypted where AES derives. */
  readonly pl: number;
  /** Input key. */
  readonly kl: number;
  /** Output. */
  readonly ul: number;
  /** Of the context c that it takes. */
  readonly contextBytes: 64 | 96;
}

const DERIVATION_IDS = [
  "rabbit-split-80",
  "rabbit-80",
  "aes-cmac-80",
  "hkdf-sha256-suite-80",
  "hkdf-sha1",
  "hkdf-sha256",
  "aes-cmac-sp800-108",
  "aes-ecb",
  "session-keys",
  "rabbit-split-112",
  "rabbit-112",
  "aes-cmac-112",
  "hkdf-sha256-suite-112",
] as const;

export type DerivationId = (typeof DERIVATION_IDS)[number];

/** What all ratios are to: the paper's Rabbit-based KDF, 80 octets of keying material to 32. */
export const RABBIT_KDF = "rabbit-split-80" satisfies DerivationId;

/** `pl` of the suites does not count kb, the other root key, as the paper does not. */
export const DERIVATIONS: readonly Derivation[] = [
  suite("rabbit-split-80", "Rabbit KDF as printed (suite 0)", 16),
  suite("rabbit-80", "Rabbit KDF, suite 1", 16),
  suite("aes-cmac-80", "AES-CMAC in two steps, suite 2", 32),
  suite("hkdf-sha256-suite-80", "HKDF-SHA256, suite 3", 32),
  suite("hkdf-sha1", "HKDF-SHA1, 80 to 32 octets", 80),
  suite("hkdf-sha256", "HKDF-SHA256, 80 to 32 octets", 80),
  suite("aes-cmac-sp800-108", "AES-CMAC, SP 800-108", 16),
  {
    id: "aes-ecb",
    name: "AES-ECB, one session key",
    ...{ pl: 16, kl: 16, ul: 16, contextBytes: 64 },
  },
  {
    id: "session-keys",
    name: "AES-ECB, four session keys",
    ...{ pl: 64, kl: 32, ul: 64, contextBytes: 64 },
  },
  suite("rabbit-split-112", "Suite 0 in an update", 16),
  suite("rabbit-112", "Suite 1 in an update", 16),
  suite("aes-cmac-112", "Suite 2 in an update", 32),
  suite("hkdf-sha256-suite-112", "Suite 3 in an update", 32),
];

export function derivationOf(id: DerivationId): Derivation {
  return DERIVATIONS.find((derivation) => derivation.id === id) as Derivation;
}

/** Two root keys from the root keys and a context; the real updates have 96 octets of it. */
function suite(id: DerivationId, name: string, kl: number): Derivation {
  const contextBytes = id.endsWith("-112") ? 96 : 64;
  return { id, name, pl: 16 + contextBytes, kl, ul: 32, contextBytes };
}
