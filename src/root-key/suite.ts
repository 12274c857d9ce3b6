import { WarrenError } from "../errors.ts";

/** The key derivation function of an update, as the suite octet of the request names it. */
export const Suite = { RabbitSplit: 0, Rabbit: 1, AesCmac: 2, HkdfSha256: 3 } as const;
export type Suite = (typeof Suite)[keyof typeof Suite];

/**
 * Bit of the suite octet, in messages, context and MICs, that makes an update a healing one: an X25519
 * exchange goes into its derivation.
 */
export const HEALING_FLAG = 0x80;

export interface SuiteInfo {
  readonly name: string;
  /** Whether the server offers it only when switched on by name. */
  readonly isResearchOnly: boolean;
}

/**
 * `rabbit-split` is the reading closest to the paper's Table 2, kept for comparison: whoever knows
 * the old AppKey needs only 2^64 work for a new key.
 */
export const SUITES: Readonly<Record<Suite, SuiteInfo>> = {
  [Suite.RabbitSplit]: { name: "rabbit-split", isResearchOnly: true },
  [Suite.Rabbit]: { name: "rabbit", isResearchOnly: false },
  [Suite.AesCmac]: { name: "aes-cmac", isResearchOnly: false },
  [Suite.HkdfSha256]: { name: "hkdf-sha256", isResearchOnly: false },
};

export const DEFAULT_SUITE: Suite = Suite.Rabbit;

/** Every suite, in the order of its number. */
export const ALL_SUITES: readonly Suite[] = Object.values(Suite);

/** Whether a suite octet from the wire is one this code knows. */
export function isSuite(value: number): value is Suite {
  return value in SUITES;
}

export function suiteOctet(suite: Suite, isHealing: boolean): number {
  return isHealing ? suite | HEALING_FLAG : suite;
}

/** The inverse of `suiteOctet`; undefined when the suite is none this code knows. */
export function parseSuiteOctet(
  octet: number,
): { readonly suite: Suite; readonly isHealing: boolean } | undefined {
  const suite = octet & ~HEALING_FLAG;
  return isSuite(suite) ? { suite, isHealing: suite !== octet } : undefined;
}

/** @throws WarrenError `text-malformed` for an unknown name */
export function parseSuite(name: string): Suite {
  const suite = ALL_SUITES.find((candidate) => SUITES[candidate].name === name);
  if (suite === undefined) {
    const names = ALL_SUITES.map((known) => SUITES[known].name).join(", ");
    throw new WarrenError("text-malformed", `a suite is one of ${names}`);
  }
  return suite;
}

export function formatSuite(suite: Suite): string {
  return SUITES[suite].name;
}
