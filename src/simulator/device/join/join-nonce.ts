import type { MacVersion } from "../../../lorawan/mac-version.ts";
import { usesDevNonceCounter } from "../../../lorawan/mac-version.ts";
import { type Refusal, refuse } from "../refusal.ts";

/**
 * Whether a device takes this JoinNonce: 0 never; then strictly greater than the last one for 1.1
 * (§6.2.3) and 1.0.4, and merely another one for older devices, as real ones behave. The last one
 * goes on across a change of root keys.
 *
 * @param last JoinNonce of the last accept taken; 0 before the first
 * @returns a refusal, or undefined when it is fine
 */
export function refuseJoinNonce(
  version: MacVersion,
  last: number,
  joinNonce: number,
): Refusal | undefined {
  if (joinNonce === 0) return refuse("join-nonce-zero");
  const isFresh = usesDevNonceCounter(version) ? joinNonce > last : joinNonce !== last;
  return isFresh ? undefined : refuse("join-nonce-replayed");
}
