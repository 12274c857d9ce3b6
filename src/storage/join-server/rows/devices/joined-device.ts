import { type Device, lastJoinAt } from "../../../../join-server/device.ts";
import type { ColumnValue } from "../column.ts";

/** The columns that an ordinary join or rejoin changes, in the order of `joinColumnsOf`. */
export const JOIN_COLUMNS = [
  "generation_sessions",
  "last_gateway_id",
  "join_nonce",
  "last_dev_nonce",
  "rj_count1",
  "last_dev_addr",
  "last_join_at",
  "sessions",
] as const;

/** Whether the members of a device are in one of `JOIN_COLUMNS`, or its version. */
const IS_OF_JOIN: Readonly<Record<keyof Device, boolean>> = {
  version: true,
  generationSessions: true,
  lastGatewayId: true,
  joinNonce: true,
  lastDevNonce: true,
  rjCount1: true,
  lastDevAddr: true,
  sessions: true,
  devEui: false,
  joinEui: false,
  macVersion: false,
  homeNetId: false,
  asId: false,
  suite: false,
  deviceProfile: false,
  updatePolicy: false,
  carrier: false,
  name: false,
  description: false,
  tags: false,
  isDisabled: false,
  allowsForeignJoinEui: false,
  createdAt: false,
  initialJoinNonce: false,
  rootKeys: false,
  updateStartedAt: false,
  updateCommittedAt: false,
  nwkKeyReplacedAt: false,
  updateWanted: false,
  updateNotBefore: false,
  failedAttempts: false,
  attempt: false,
};

const OTHER_MEMBERS = (Object.keys(IS_OF_JOIN) as (keyof Device)[]).filter(
  (member) => !IS_OF_JOIN[member],
);

/** Whether a device differs from what it was made from in nothing but `JOIN_COLUMNS`. */
export function differsByJoin(device: Device, from: Device): boolean {
  if (device.version !== from.version) return false;
  for (const member of OTHER_MEMBERS) if (device[member] !== from[member]) return false;
  return true;
}

export function joinColumnsOf(device: Device, sealedSessions: Uint8Array): ColumnValue[] {
  return [
    device.generationSessions,
    device.lastGatewayId ?? null,
    device.joinNonce,
    device.lastDevNonce ?? null,
    device.rjCount1 ?? null,
    device.lastDevAddr ?? null,
    lastJoinAt(device) ?? null,
    sealedSessions,
  ];
}
