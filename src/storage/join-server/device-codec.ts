import { exportAes128Key, importAes128Key } from "../../crypto/aes128.ts";
import type { Device, DeviceSettings } from "../../join-server/device.ts";
import type { DevAddr } from "../../lorawan/identifiers.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";
import type { UpdateRecord } from "../../root-key/server-state.ts";
import type { Row } from "../sqlite-database.ts";
import { decodeSessions, encodeSessions } from "./session-codec.ts";

type Value = Row[string];

/** The columns of `devices` besides the key and the version, in the order of `encodeDevice`. */
export const DEVICE_COLUMNS = [
  "created_at",
  "settings",
  "nwk_key",
  "app_key",
  "candidate_nwk_key",
  "candidate_app_key",
  "generation",
  "last_update_id",
  "update_record",
  "update_started_at",
  "update_committed_at",
  "join_nonce",
  "last_dev_nonce",
  "rj_count1",
  "last_dev_addr",
  "sessions",
] as const;

/** The values of `DEVICE_COLUMNS`. */
export function encodeDevice(device: Device): Value[] {
  const { rootKeys } = device;
  const { joinEui, macVersion, homeNetId, asId, suite, minimumUpdatePeriodMs } = device;
  const candidate = rootKeys.candidateKeys;
  return [
    device.createdAt,
    JSON.stringify({ joinEui, macVersion, homeNetId, asId, suite, minimumUpdatePeriodMs }),
    exportAes128Key(rootKeys.currentKeys.nwkKey),
    exportAes128Key(rootKeys.currentKeys.appKey),
    candidate === undefined ? null : exportAes128Key(candidate.nwkKey),
    candidate === undefined ? null : exportAes128Key(candidate.appKey),
    rootKeys.generation,
    rootKeys.lastUpdateId,
    rootKeys.update === undefined ? null : JSON.stringify(rootKeys.update),
    device.updateStartedAt ?? null,
    device.updateCommittedAt ?? null,
    device.joinNonce,
    device.lastDevNonce ?? null,
    device.rjCount1 ?? null,
    device.lastDevAddr ?? null,
    encodeSessions(device.sessions),
  ];
}

/** A row of `devices` as a device. */
export function decodeDevice(row: Row): Device {
  const settings = {
    devEui: row["dev_eui"],
    ...JSON.parse(row["settings"] as string),
  } as DeviceSettings;
  const update = row["update_record"];
  const lastDevAddr = row["last_dev_addr"];
  return {
    ...settings,
    version: Number(row["version"]),
    createdAt: Number(row["created_at"]),
    rootKeys: {
      devEui: settings.devEui,
      joinEui: settings.joinEui,
      currentKeys: rootKeysOf(row["nwk_key"], row["app_key"]) as RootKeys,
      candidateKeys: rootKeysOf(row["candidate_nwk_key"], row["candidate_app_key"]),
      generation: Number(row["generation"]),
      lastUpdateId: Number(row["last_update_id"]),
      update: update === null ? undefined : decodeUpdate(update as string),
    },
    joinNonce: Number(row["join_nonce"]),
    lastDevNonce: numberOf(row["last_dev_nonce"]),
    rjCount1: numberOf(row["rj_count1"]),
    sessions: decodeSessions(row["sessions"] as Uint8Array),
    updateStartedAt: numberOf(row["update_started_at"]),
    updateCommittedAt: numberOf(row["update_committed_at"]),
    lastDevAddr: lastDevAddr === null ? undefined : (lastDevAddr as DevAddr),
  };
}

/** JSON leaves an absent reason out; the record names it. */
function decodeUpdate(json: string): UpdateRecord {
  const { reason, ...stored } = JSON.parse(json) as UpdateRecord;
  return { ...stored, reason };
}

function rootKeysOf(nwkKey: Value | undefined, appKey: Value | undefined): RootKeys | undefined {
  if (!(nwkKey instanceof Uint8Array && appKey instanceof Uint8Array)) return undefined;
  return { nwkKey: importAes128Key(nwkKey), appKey: importAes128Key(appKey) };
}

function numberOf(value: Value | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
