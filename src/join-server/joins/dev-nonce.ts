import { WarrenError } from "../../errors.ts";
import { type MacVersion, usesDevNonceCounter } from "../../lorawan/mac-version.ts";

/**
 * Whether a DevNonce must be remembered for ever: before 1.0.4 it is random and may never come back
 * (LoRaWAN 1.0.2 §6.2.4). The store checks that, since the values are too many to carry along.
 */
export function mustRememberDevNonce(macVersion: MacVersion): boolean {
  return !usesDevNonceCounter(macVersion);
}

/**
 * The rule of the versions in which DevNonce is a counter (1.0.4 and 1.1 §6.2.2): strictly greater than
 * the last one accepted for this JoinEUI; 0 is allowed first.
 *
 * @throws WarrenError `dev-nonce-replayed`
 */
export function checkDevNonceCounter(
  macVersion: MacVersion,
  lastDevNonce: number | undefined,
  devNonce: number,
): void {
  if (!usesDevNonceCounter(macVersion) || lastDevNonce === undefined) return;
  if (devNonce <= lastDevNonce) {
    throw new WarrenError(
      "dev-nonce-replayed",
      `DevNonce ${devNonce} is not above ${lastDevNonce}, the last one accepted`,
    );
  }
}
