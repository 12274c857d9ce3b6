import type { FollowedUpdate } from "./eavesdropping/follow-updates.ts";
import type { MissedNonce } from "./eavesdropping/missed-nonce.ts";
import type { SearchMeasurement } from "./split-search/measure-searches.ts";
import type { AttackOutcome } from "./structure/structural-attack.ts";

export interface AttacksResult {
  readonly seed: string;
  readonly searches: readonly SearchMeasurement[];
  /** Keyings of Rabbit with one block out, of this program on one core. */
  readonly keyingsPerSecond: number;
  readonly structural: readonly AttackOutcome[];
  readonly followed: readonly FollowedUpdate[];
  readonly missedNonces: readonly MissedNonce[];
}
