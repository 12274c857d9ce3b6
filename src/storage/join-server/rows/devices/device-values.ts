import { type Device, generationSince, lastJoinAt } from "../../../../join-server/device.ts";
import type { ColumnValue } from "../column.ts";
import { searchTextOf } from "../searches/search-text.ts";

/** The values of `COLUMNS_BUT_ATTEMPT`. */
export function valuesOf(
  device: Device,
  sealedRootKeys: Uint8Array,
  sealedSessions: Uint8Array,
): ColumnValue[] {
  const { rootKeys } = device;
  return [
    device.createdAt,
    device.joinEui,
    device.macVersion,
    device.homeNetId,
    device.asId,
    device.suite,
    device.deviceProfile,
    JSON.stringify(device.updatePolicy),
    device.carrier,
    device.name,
    device.description,
    JSON.stringify(device.tags),
    searchTextOf(device),
    Number(device.isDisabled),
    Number(device.allowsForeignJoinEui),
    rootKeys.generation,
    rootKeys.lastUpdateId,
    rootKeys.update?.status ?? null,
    rootKeys.update === undefined ? null : JSON.stringify(rootKeys.update),
    device.updateStartedAt ?? null,
    device.updateCommittedAt ?? null,
    device.nwkKeyReplacedAt ?? null,
    generationSince(device),
    device.generationSessions,
    device.updateWanted ?? null,
    device.updateNotBefore ?? null,
    device.failedAttempts,
    device.lastGatewayId ?? null,
    device.joinNonce,
    device.initialJoinNonce,
    device.lastDevNonce ?? null,
    device.rjCount1 ?? null,
    device.lastDevAddr ?? null,
    lastJoinAt(device) ?? null,
    sealedRootKeys,
    sealedSessions,
  ];
}
