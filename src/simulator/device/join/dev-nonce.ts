import type { RandomBytes } from "../../../crypto/random.ts";
import { WarrenError } from "../../../errors.ts";
import { type MacVersion, usesDevNonceCounter } from "../../../lorawan/mac-version.ts";

/** The DevNonces a device has spent; they are never given back, not even by new root keys. */
export interface DevNonces {
  /** The last one; 0 before the first, since devices start at 1. */
  readonly last: number;
  /** All of them, of a device that draws them; empty for one that counts. */
  readonly drawn: readonly number[];
}

export const noDevNonces: DevNonces = { last: 0, drawn: [] };

const DEV_NONCE_MAX = 0xffff;

/**
 * The DevNonces after one more Join-request: to be stored before `last` is sent. From LoRaWAN 1.0.4 on
 * it is a counter (1.1 §6.2.2); before, it is drawn, and this device remembers all it ever drew, so
 * that it never repeats one by itself (1.0.2 §6.2.4 asks only the network to remember some).
 *
 * @throws WarrenError `value-out-of-range` when all 65,535 are spent
 */
export function spendDevNonce(
  nonces: DevNonces,
  version: MacVersion,
  randomBytes: RandomBytes,
): DevNonces {
  if (usesDevNonceCounter(version)) {
    if (nonces.last >= DEV_NONCE_MAX) throw exhausted();
    return { last: nonces.last + 1, drawn: nonces.drawn };
  }
  if (nonces.drawn.length >= DEV_NONCE_MAX) throw exhausted();
  const spent = new Set(nonces.drawn);
  for (;;) {
    const [low = 0, high = 0] = randomBytes(2);
    const nonce = low + 256 * high;
    if (nonce !== 0 && !spent.has(nonce)) return { last: nonce, drawn: [...nonces.drawn, nonce] };
  }
}

function exhausted(): WarrenError {
  return new WarrenError("value-out-of-range", "the device has spent all its DevNonces");
}
