import type { MacVersion } from "../../lorawan/mac-version.ts";
import type { UpdateStatus } from "../../root-key/server-state.ts";
import type { DeviceTally } from "../ports/device-store.ts";

/** How many devices there are, and of what kind. */
export interface DeviceTotals {
  readonly total: number;
  readonly disabled: number;
  readonly neverJoined: number;
  /** In the order of generations. */
  readonly byGeneration: readonly { readonly generation: number; readonly count: number }[];
  /** In the order of versions. */
  readonly byMacVersion: readonly { readonly macVersion: MacVersion; readonly count: number }[];
  /** Of the last root key update; those that never had one are in none. */
  readonly byUpdateStatus: Readonly<Record<UpdateStatus, number>>;
}

/** Adds up what the store has counted. */
export function addUpTallies(tallies: readonly DeviceTally[]): DeviceTotals {
  const generations = sumBy(tallies, ({ generation }) => generation);
  const versions = sumBy(tallies, ({ macVersion }) => macVersion);
  const statuses = sumBy(tallies, ({ updateStatus }) => updateStatus);
  const countOf = (fits: (tally: DeviceTally) => boolean): number =>
    tallies.reduce((sum, tally) => sum + (fits(tally) ? tally.count : 0), 0);
  const ofStatus = (status: UpdateStatus): number => statuses.get(status) ?? 0;
  return {
    total: countOf(() => true),
    disabled: countOf(({ isDisabled }) => isDisabled),
    neverJoined: countOf(({ hasJoined }) => !hasJoined),
    byGeneration: [...generations]
      .toSorted(([a], [b]) => a - b)
      .map(([generation, count]) => ({ generation, count })),
    byMacVersion: [...versions]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([macVersion, count]) => ({ macVersion, count })),
    byUpdateStatus: {
      prepared: ofStatus("prepared"),
      accepted: ofStatus("accepted"),
      confirmed: ofStatus("confirmed"),
      committed: ofStatus("committed"),
      failed: ofStatus("failed"),
    },
  };
}

function sumBy<K>(
  tallies: readonly DeviceTally[],
  keyOf: (tally: DeviceTally) => K,
): Map<K, number> {
  const sums = new Map<K, number>();
  for (const tally of tallies) {
    const key = keyOf(tally);
    sums.set(key, (sums.get(key) ?? 0) + tally.count);
  }
  return sums;
}
