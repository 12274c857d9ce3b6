/** Events after which a policy may want new root keys. */
export const UPDATE_TRIGGERS = ["tampering", "key-export", "wrong-mics"] as const;
export type UpdateTrigger = (typeof UPDATE_TRIGGERS)[number];

/**
 * When a device gets new root keys by itself (root-key-update.md §5), as one level says it: all devices,
 * those of a device profile, or one device. An absent member is as the level above has it; null switches it
 * off, whatever the level above says.
 */
export interface UpdatePolicySettings {
  /** Longest time that a generation is in use. */
  readonly maxAgeMs?: number | null;
  /** Most sessions derived from a generation. */
  readonly maxSessions?: number | null;
  /** Most frames under session keys of a generation; servers that carry frames count them. */
  readonly maxFrames?: number | null;
  readonly triggers?: readonly UpdateTrigger[];
  /** Least time between a committed update and the next that nobody has ordered. */
  readonly minimumPeriodMs?: number;
  /** Updates of the healing kind, which cost more airtime. */
  readonly isHealing?: boolean;
}

/** A policy with every member: the levels put together. */
export interface EffectiveUpdatePolicy {
  readonly maxAgeMs: number | null;
  readonly maxSessions: number | null;
  readonly maxFrames: number | null;
  readonly triggers: readonly UpdateTrigger[];
  readonly minimumPeriodMs: number;
  readonly isHealing: boolean;
}

/** The paper's smallest root key period, 2^11 s (Han and Wang, section 3.2). */
export const SHORTEST_PERIOD_MS = 2 ** 11 * 1000;

/** A hundred years: a time that is added to another stays one that a database keeps and a date can show. */
export const LONGEST_PERIOD_MS = 100 * 365.25 * 24 * 60 * 60 * 1000;

/** What holds where no level says anything: updates on demand only, a day apart. */
export const DEFAULT_UPDATE_POLICY: EffectiveUpdatePolicy = {
  maxAgeMs: null,
  maxSessions: null,
  maxFrames: null,
  triggers: [],
  minimumPeriodMs: 24 * 60 * 60 * 1000,
  isHealing: false,
};

/**
 * The levels put together: the device before its profile before all devices before the default.
 *
 * @param levels from the strongest to the weakest
 */
export function effectivePolicy(
  ...levels: readonly (UpdatePolicySettings | undefined)[]
): EffectiveUpdatePolicy {
  return Object.assign({}, DEFAULT_UPDATE_POLICY, ...[...levels].reverse());
}
