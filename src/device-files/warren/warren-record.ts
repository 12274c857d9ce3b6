import type { Aes128Key } from "../../crypto/aes128.ts";
import { completeRecord, MAX_JOIN_NONCE, MAX_UINT16, requireVersion } from "../complete-record.ts";
import type { OwnMembers, ParseOptions, UsedDevNonces } from "../device-record.ts";
import type { DeviceOfRecord } from "../parser/record-parser.ts";
import {
  booleanOf,
  bytesOf,
  euiOf,
  type Fields,
  has,
  keyOf,
  malformed,
  netIdOf,
  numberOf,
  numbersOf,
  objectOf,
  tagsOf,
  textOf,
} from "../record-fields.ts";
import { chooseRootKeys } from "../root-key-convention.ts";
import { parseVersionName } from "../version-name.ts";
import { openWrappedKey } from "../wrapped-keys.ts";

/** Every member of a record; another one is an error, so that a misspelt one is not lost in silence. */
const MEMBERS = new Set([
  "devEui",
  "joinEui",
  "macVersion",
  "nwkKey",
  "appKey",
  "kekLabel",
  "wrappedNwkKey",
  "wrappedAppKey",
  "homeNetId",
  "asId",
  "name",
  "description",
  "tags",
  "isDisabled",
  "joinNonce",
  "lastDevNonce",
  "rjCount1",
  "usedDevNonces",
  "suite",
  "deviceProfile",
  "updatePolicy",
  "carrier",
  "allowsForeignJoinEui",
  "generation",
  "lastUpdateId",
  "hasUpdateUnderWay",
]);

/** One line of Warren's own format, which keeps everything but sessions. */
export function deviceOfWarrenRecord(record: Fields, options: ParseOptions): DeviceOfRecord {
  for (const name of Object.keys(record)) {
    if (!MEMBERS.has(name)) throw malformed(JSON.stringify(name.slice(0, 40)), "is no member");
  }
  const { defaults, keks } = options;
  const version = textOf(record, "macVersion");
  const macVersion = requireVersion(
    version === undefined ? undefined : parseVersionName(version),
    defaults,
  );
  const keys = chooseRootKeys("warren", macVersion, {
    nwkKey: rootKeyOf(record, "nwkKey", "wrappedNwkKey", keks),
    appKey: rootKeyOf(record, "appKey", "wrappedAppKey", keks),
    genAppKey: undefined,
  });
  const members = {
    devEui: euiOf(record, "devEui"),
    joinEui: euiOf(record, "joinEui"),
    homeNetId: netIdOf(record, "homeNetId"),
    asId: textOf(record, "asId"),
    name: textOf(record, "name"),
    description: textOf(record, "description"),
    tags: tagsOf(record["tags"], "tags"),
    isDisabled: booleanOf(record, "isDisabled"),
    nonces: {
      joinNonce: numberOf(record, "joinNonce", MAX_JOIN_NONCE) ?? 0,
      lastDevNonce: numberOf(record, "lastDevNonce", MAX_UINT16),
      rjCount1: numberOf(record, "rjCount1", MAX_UINT16),
      usedDevNonces: usedDevNoncesOf(record),
    },
    own: ownMembersOf(record),
  };
  const warnings = booleanOf(record, "hasUpdateUnderWay")
    ? [
        ...keys.warnings,
        "a root key update was under way at the export: the device may hold newer keys than these",
      ]
    : keys.warnings;
  return completeRecord(members, macVersion, { ...keys, warnings }, defaults);
}

function rootKeyOf(
  record: Fields,
  name: string,
  wrappedName: string,
  keks: ParseOptions["keks"],
): Aes128Key | undefined {
  if (!has(record, wrappedName)) return keyOf(record, name);
  const octets = bytesOf(record, wrappedName, 24) as Uint8Array;
  const kekLabel = textOf(record, "kekLabel") ?? "";
  return openWrappedKey({ name: wrappedName, octets, kekLabel }, keks);
}

function usedDevNoncesOf(record: Fields): UsedDevNonces[] {
  return Object.entries(objectOf(record["usedDevNonces"], "usedDevNonces")).map(
    ([joinEui, devNonces]) => ({
      joinEui: euiOf({ usedDevNonces: joinEui }, "usedDevNonces") as UsedDevNonces["joinEui"],
      devNonces: [...new Set(numbersOf(devNonces, "usedDevNonces", MAX_UINT16))],
    }),
  );
}

function ownMembersOf(record: Fields): OwnMembers {
  const suite = textOf(record, "suite");
  const deviceProfile = textOf(record, "deviceProfile");
  const carrier = textOf(record, "carrier");
  const allowsForeignJoinEui = booleanOf(record, "allowsForeignJoinEui");
  const generation = numberOf(record, "generation", MAX_UINT16);
  const lastUpdateId = numberOf(record, "lastUpdateId", MAX_UINT16);
  return {
    ...(suite !== undefined && { suite }),
    ...(deviceProfile !== undefined && { deviceProfile }),
    ...(has(record, "updatePolicy") && {
      updatePolicy: objectOf(record["updatePolicy"], "updatePolicy"),
    }),
    ...(carrier !== undefined && { carrier }),
    ...(allowsForeignJoinEui !== undefined && { allowsForeignJoinEui }),
    ...(generation !== undefined && { generation }),
    ...(lastUpdateId !== undefined && { lastUpdateId }),
  };
}
