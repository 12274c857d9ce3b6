import { formatHex, parseHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device, RootKeyUsage } from "../../network-server/session/device.ts";
import type { Session } from "../../network-server/session/session.ts";
import type { SqliteDatabase } from "../sqlite-database.ts";

/** What nearly every uplink changes of a device and its current session, and nothing else. */
export interface CountedUplink {
  readonly devEui: Eui64;
  readonly fCntUp: number;
  readonly lastUplink: Uint8Array;
  readonly frameCount: number;
  readonly rootKeyFrames: number;
  readonly lastSeenAt: number;
}

type Members<T> = Readonly<Record<keyof Required<T>, "counted" | "same">>;

const DEVICE: Members<Device> = {
  devEui: "same",
  joinEui: "same",
  macVersion: "same",
  asId: "same",
  abpDevAddr: "same",
  current: "counted",
  pending: "same",
  macRequests: "same",
  rootKeyCommand: "same",
  downlinks: "same",
  rootKeyUsage: "counted",
  sessionUpdateAskedAt: "same",
  status: "same",
  lastSeenAt: "counted",
};

const SESSION: Members<Session> = {
  sessionKeyId: "same",
  devAddr: "same",
  version: "same",
  origin: "same",
  keys: "same",
  appSKey: "same",
  rxDelaySeconds: "same",
  rx1DrOffset: "same",
  rx2DataRate: "same",
  createdAt: "same",
  fCntUp: "counted",
  lastUplink: "counted",
  repetitionCount: "counted",
  nextFCntDown: "same",
  lowestApplicationFCntDown: "same",
  lastFCntDown: "same",
  awaitedAck: "same",
  rjCount0: "same",
  frameCount: "counted",
};

const ROOT_KEY_USAGE: Members<RootKeyUsage> = {
  since: "same",
  frames: "counted",
  sessions: "same",
  newKeysRelayedAt: "same",
  generation: "same",
  maxFrames: "same",
  askNotBefore: "same",
};

const SAME_OF_DEVICE = sameOf(DEVICE);
const SAME_OF_SESSION = sameOf(SESSION);
const SAME_OF_USAGE = sameOf(ROOT_KEY_USAGE);

/** What an uplink has counted, or undefined when anything else has changed as well. */
export function countedUplink(before: Device, after: Device): CountedUplink | undefined {
  const { devEui, current, rootKeyUsage, lastSeenAt } = after;
  if (current?.fCntUp === undefined || current.lastUplink === undefined) return undefined;
  if (before.current === undefined || lastSeenAt === undefined) return undefined;
  const isCounted =
    current.repetitionCount === 0 &&
    SAME_OF_DEVICE.every((name) => before[name] === after[name]) &&
    SAME_OF_SESSION.every((name) => before.current?.[name] === current[name]) &&
    SAME_OF_USAGE.every((name) => before.rootKeyUsage[name] === rootKeyUsage[name]);
  if (!isCounted) return undefined;
  const { fCntUp, lastUplink, frameCount } = current;
  return { devEui, fCntUp, lastUplink, frameCount, rootKeyFrames: rootKeyUsage.frames, lastSeenAt };
}

/**
 * Writes these columns alone.
 *
 * @param journaled the last entry of the journal that is in the rows then
 */
export function writeCountedUplink(
  database: SqliteDatabase,
  uplink: CountedUplink,
  journaled: number,
): void {
  database.run(
    "UPDATE device SET last_seen_at = ?, root_keys_frames = ?, journaled = ? WHERE dev_eui = ?",
    uplink.lastSeenAt,
    uplink.rootKeyFrames,
    journaled,
    uplink.devEui,
  );
  database.run(
    `UPDATE session SET f_cnt_up = ?, last_uplink = ?, repetition_count = 0, frame_count = ?
     WHERE dev_eui = ? AND slot = 'current'`,
    uplink.fCntUp,
    uplink.lastUplink,
    uplink.frameCount,
    uplink.devEui,
  );
}

/** As a line of the journal. */
export function formatCountedUplink(uplink: CountedUplink): string {
  const { devEui, fCntUp, lastUplink, frameCount, rootKeyFrames, lastSeenAt } = uplink;
  return `["${devEui}",${fCntUp},"${formatHex(lastUplink)}",${frameCount},${rootKeyFrames},${lastSeenAt}]`;
}

/** The inverse of lines with commas between them. */
export function parseCountedUplinks(lines: string): readonly CountedUplink[] {
  const parsed = JSON.parse(`[${lines}]`) as [Eui64, number, string, number, number, number][];
  return parsed.map(([devEui, fCntUp, lastUplink, frameCount, rootKeyFrames, lastSeenAt]) => ({
    ...{ devEui, fCntUp, lastUplink: parseHex(lastUplink), frameCount, rootKeyFrames, lastSeenAt },
  }));
}

function sameOf<T>(members: Members<T>): readonly (keyof T)[] {
  return (Object.keys(members) as (keyof T)[]).filter((name) => members[name] === "same");
}
