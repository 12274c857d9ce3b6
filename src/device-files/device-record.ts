import type { Aes128Key } from "../crypto/aes128.ts";
import type { Kek } from "../crypto/key-wrap.ts";
import type { ErrorCode } from "../errors.ts";
import type { Eui64, NetId } from "../lorawan/identifiers.ts";
import type { MacVersion } from "../lorawan/mac-version.ts";

/**
 * Root keys as Warren keeps them, whatever the file calls them: for LoRaWAN 1.0.x `nwkKey` is the AppKey
 * and `appKey` the GenAppKey, if there is one. See `root-key-convention.ts`.
 */
export interface RecordRootKeys {
  readonly nwkKey: Aes128Key;
  readonly appKey: Aes128Key | undefined;
}

/** DevNonces of a device before 1.0.4, by the JoinEUI they were used with. */
export interface UsedDevNonces {
  readonly joinEui: Eui64;
  readonly devNonces: readonly number[];
}

/** How far the counters of a device were on the server that it comes from. */
export interface RecordNonces {
  /** The last JoinNonce issued, 0 before the first. */
  readonly joinNonce: number;
  /** The last DevNonce accepted of a 1.0.4 or 1.1 device. */
  readonly lastDevNonce: number | undefined;
  /** The last RJcount1 accepted. */
  readonly rjCount1: number | undefined;
  readonly usedDevNonces: readonly UsedDevNonces[];
}

/** A device as a file describes it, with nothing missing that the Join Server needs. */
export interface DeviceRecord {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly macVersion: MacVersion;
  readonly rootKeys: RecordRootKeys;
  readonly homeNetId: NetId;
  readonly asId: string;
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isDisabled: boolean;
  readonly nonces: RecordNonces;
  /** What only Warren's own format knows. */
  readonly own: OwnMembers;
}

/** Absent members stand for their defaults. */
export interface OwnMembers {
  readonly suite?: string;
  readonly deviceProfile?: string;
  /** As JSON has it: whoever takes the record in checks it. */
  readonly updatePolicy?: Readonly<Record<string, unknown>>;
  readonly carrier?: string;
  readonly allowsForeignJoinEui?: boolean;
  /** How many root key updates have made these keys. */
  readonly generation?: number;
  /** UpdateID of the last root key update, committed or not. */
  readonly lastUpdateId?: number;
}

/** What a file may leave out, because it is the same for all its devices. */
export interface RecordDefaults {
  readonly joinEui?: Eui64 | undefined;
  readonly macVersion?: MacVersion | undefined;
  readonly homeNetId?: NetId | undefined;
  readonly asId?: string | undefined;
}

export interface ParseOptions {
  readonly defaults: RecordDefaults;
  /** For keys that stand wrapped in the file, by their label. */
  readonly keks: ReadonlyMap<string, Kek>;
}

/** Where in the file a record stands; both count from 1. */
export interface Position {
  readonly line: number;
  readonly record: number;
}

export interface ParsedDevice {
  readonly position: Position;
  readonly device: DeviceRecord;
  /** What to look at before relying on the device; never a key. */
  readonly warnings: readonly string[];
}

export interface RecordError {
  readonly position: Position;
  /** As written, where it could be read. */
  readonly devEui: string | undefined;
  readonly code: ErrorCode;
  /** What is wrong and what to do; never a key. */
  readonly message: string;
}

export type ParsedRecord = ParsedDevice | RecordError;

export function isRecordError(record: ParsedRecord): record is RecordError {
  return "code" in record;
}

/** Reads a file piece by piece, as it comes; never throws: what cannot be read is a `RecordError`. */
export interface DeviceFileParser {
  /** The records that are complete now. */
  push(text: string): ParsedRecord[];
  /** The rest. */
  end(): ParsedRecord[];
}
