import type { Device } from "../../../join-server/device.ts";
import { numberOf, type StoredRow } from "./column.ts";

/** What stays of a deleted device, so that no old request of it is ever accepted again. */
export interface RetiredDevice {
  readonly version: number;
  readonly joinNonce: number;
  readonly lastDevNonce: number | undefined;
  readonly rjCount1: number | undefined;
  readonly lastUpdateId: number;
}

export function decodeRetiredDevice(row: StoredRow): RetiredDevice {
  return {
    version: Number(row["version"]),
    joinNonce: Number(row["join_nonce"]),
    lastDevNonce: numberOf(row["last_dev_nonce"]),
    rjCount1: numberOf(row["rj_count1"]),
    lastUpdateId: Number(row["last_update_id"]),
  };
}

/**
 * A device created anew goes on where the deleted one was: with its nonces, with its UpdateIDs, since the
 * end-device takes no older one, and with its version, since a save made from a copy of the deleted one must find another version than it knows.
 */
export function continueDevice(device: Device, retired: RetiredDevice): Device {
  const joinNonce = Math.max(device.joinNonce, retired.joinNonce);
  const lastUpdateId = Math.max(device.rootKeys.lastUpdateId, retired.lastUpdateId);
  return {
    ...device,
    rootKeys: { ...device.rootKeys, lastUpdateId },
    version: retired.version + 1,
    joinNonce,
    initialJoinNonce: joinNonce,
    lastDevNonce: larger(device.lastDevNonce, retired.lastDevNonce),
    rjCount1: larger(device.rjCount1, retired.rjCount1),
  };
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
