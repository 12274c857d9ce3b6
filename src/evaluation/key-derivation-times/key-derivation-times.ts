import type { DerivationId } from "./derivations.ts";
import type { ImplementationId } from "./implementations.ts";
import type { TimeSummary } from "./statistics.ts";

/** The paper's Table 3 measured on this machine. */
export interface KeyDerivationTimes {
  /** Calls a round. */
  readonly repeats: number;
  readonly rounds: number;
  /** `gcc (Debian 12.2.0) 12.2.0`, or null where there is none. */
  readonly compiler: string | null;
  readonly clock: Clock | null;
  readonly implementations: readonly ImplementationTimes[];
  /** What was not measured and why, a sentence each. */
  readonly omissions: readonly string[];
  /** What gave other octets than the rest, a sentence each: its times are left out. */
  readonly refusals: readonly string[];
}

export interface Clock {
  readonly ghz: number;
  /** By additions that wait for one another, or as the operating system names it. */
  readonly source: "measured" | "nominal";
}

export interface ImplementationTimes {
  readonly id: ImplementationId;
  readonly times: readonly DerivationTimes[];
}

export interface DerivationTimes extends TimeSummary {
  readonly derivation: DerivationId;
}
