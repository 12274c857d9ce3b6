import { sha256 } from "../../../crypto/sha256.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";

const ALL = 2 ** 32;

/**
 * A number from 0 up to 1 by which the canaries are chosen: those below the share. It is the same for a device
 * in a campaign whoever asks, and says nothing about the order of DevEUIs: those of one production lot stand
 * side by side, and canaries are to be of all kinds.
 */
export function canaryRank(campaignId: string, devEui: Eui64): number {
  const hash = sha256(`${campaignId}${devEui}`);
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0) / ALL;
}
