import { formatHex, parseHex } from "../../lorawan/hex.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { MacVersion } from "../../lorawan/mac-version.ts";
import type {
  Device,
  DeviceStatus,
  MacRequest,
  QueuedDownlink,
} from "../../network-server/session/device.ts";
import type { CarriedCommand } from "../../root-key/carriage.ts";
import { CID_NEW_KEY_READY } from "../../root-key/mac-commands.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";
import { loadSession, saveSession } from "./session-rows.ts";

/** A device with its sessions and its queue. */
export function loadDevice(database: SqliteDatabase, devEui: Eui64): Device | undefined {
  const row = database.get("SELECT * FROM device WHERE dev_eui = ?", devEui);
  if (row === undefined) return undefined;
  return {
    devEui,
    joinEui: row["join_eui"] as Eui64,
    macVersion: row["mac_version"] as MacVersion,
    asId: row["as_id"] as string,
    abpDevAddr: (row["abp_dev_addr"] ?? undefined) as DevAddr | undefined,
    current: loadSession(database, devEui, "current"),
    pending: loadSession(database, devEui, "pending"),
    macRequests: parseMacRequests(row["mac_requests"] as string),
    rootKeyCommand: rootKeyCommandOf(row),
    downlinks: database
      .all("SELECT * FROM downlink WHERE dev_eui = ? ORDER BY position", devEui)
      .map(downlinkOf),
    rootKeyUsage: {
      since: (row["root_keys_since"] ?? undefined) as number | undefined,
      frames: row["root_keys_frames"] as number,
      sessions: row["root_keys_sessions"] as number,
      newKeysRelayedAt: (row["new_keys_relayed_at"] ?? undefined) as number | undefined,
      generation: (row["root_key_generation"] ?? undefined) as number | undefined,
      maxFrames: (row["root_key_max_frames"] ?? undefined) as number | undefined,
      askNotBefore: row["ask_not_before"] as number,
    },
    sessionUpdateAskedAt: (row["session_update_asked_at"] ?? undefined) as number | undefined,
    status:
      row["status"] === null ? undefined : (JSON.parse(row["status"] as string) as DeviceStatus),
    lastSeenAt: (row["last_seen_at"] ?? undefined) as number | undefined,
  };
}

/** What is in a device's rows. */
export interface SavedDevice {
  readonly device: Device;
  /** Its own row and that of its current session have not all that it has: the rest is in the journal. */
  readonly isBehind: boolean;
}

/**
 * Writes the parts of a device that differ from those saved, by identity: a pure step leaves alone what it
 * does not change.
 *
 * @param journaled the last entry of the journal: the rows are as new as that afterwards
 */
export function saveDevice(
  database: SqliteDatabase,
  device: Device,
  { saved, journaled }: { readonly saved: SavedDevice | undefined; readonly journaled: number },
): void {
  const { device: before, isBehind = false } = saved ?? {};
  if (isBehind || before !== device) saveDeviceRow(database, device, journaled);
  for (const slot of ["current", "pending"] as const) {
    if ((isBehind && slot === "current") || before?.[slot] !== device[slot]) {
      saveSession(database, { devEui: device.devEui, slot }, device[slot]);
    }
  }
  if (before?.downlinks !== device.downlinks) saveDownlinks(database, device);
}

function saveDeviceRow(database: SqliteDatabase, device: Device, journaled: number): void {
  const { rootKeyCommand, rootKeyUsage } = device;
  const values = {
    dev_eui: device.devEui,
    join_eui: device.joinEui,
    mac_version: device.macVersion,
    as_id: device.asId,
    abp_dev_addr: device.abpDevAddr ?? null,
    mac_requests: formatMacRequests(device.macRequests),
    root_key_command: rootKeyCommand?.octets ?? null,
    root_key_update_id: rootKeyCommand?.updateId ?? null,
    root_key_repeats_left: rootKeyCommand?.repeatsLeft ?? null,
    root_key_next_fragment: rootKeyCommand?.nextFragment ?? null,
    root_keys_since: rootKeyUsage.since ?? null,
    root_keys_frames: rootKeyUsage.frames,
    root_keys_sessions: rootKeyUsage.sessions,
    new_keys_relayed_at: rootKeyUsage.newKeysRelayedAt ?? null,
    root_key_generation: rootKeyUsage.generation ?? null,
    root_key_max_frames: rootKeyUsage.maxFrames ?? null,
    ask_not_before: rootKeyUsage.askNotBefore,
    session_update_asked_at: device.sessionUpdateAskedAt ?? null,
    status: device.status === undefined ? null : JSON.stringify(device.status),
    last_seen_at: device.lastSeenAt ?? null,
    journaled,
  };
  const names = Object.keys(values);
  // An upsert and not a REPLACE, which would delete the row and, by the foreign key, its sessions.
  database.run(
    `INSERT INTO device (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
     ON CONFLICT (dev_eui) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    ...Object.values(values),
  );
}

function saveDownlinks(database: SqliteDatabase, device: Device): void {
  database.run("DELETE FROM downlink WHERE dev_eui = ?", device.devEui);
  device.downlinks.forEach((downlink, position) => {
    database.run(
      "INSERT INTO downlink VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      device.devEui,
      position,
      downlink.downlinkId,
      downlink.sessionKeyId,
      downlink.fPort,
      downlink.fCntDown,
      downlink.isConfirmed ? 1 : 0,
      downlink.frmPayload,
      downlink.isSending ? 1 : 0,
    );
  });
}

function downlinkOf(row: Row): QueuedDownlink {
  return {
    downlinkId: row["downlink_id"] as string,
    sessionKeyId: row["session_key_id"] as string,
    fPort: row["f_port"] as number,
    fCntDown: row["f_cnt_down"] as number,
    isConfirmed: row["is_confirmed"] === 1,
    frmPayload: row["frm_payload"] as Uint8Array,
    isSending: row["is_sending"] === 1,
  };
}

function rootKeyCommandOf(row: Row): CarriedCommand | undefined {
  const octets = row["root_key_command"] as Uint8Array | null;
  if (octets === null) return undefined;
  return {
    octets,
    updateId: row["root_key_update_id"] as number,
    isAnswer: octets[0] === CID_NEW_KEY_READY,
    repeatsLeft: row["root_key_repeats_left"] as number,
    nextFragment: (row["root_key_next_fragment"] ?? 0) as number,
  };
}

function formatMacRequests(requests: readonly MacRequest[]): string {
  return JSON.stringify(
    requests.map(({ octets, attemptsLeft }) => ({ octets: formatHex(octets), attemptsLeft })),
  );
}

function parseMacRequests(text: string): readonly MacRequest[] {
  const requests = JSON.parse(text) as readonly { octets: string; attemptsLeft: number }[];
  return requests.map(({ octets, attemptsLeft }) => {
    const bytes = parseHex(octets);
    return { cid: bytes[0] as number, octets: bytes, attemptsLeft };
  });
}
