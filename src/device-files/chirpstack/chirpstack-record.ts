import { type MacVersion, usesDevNonceCounter } from "../../lorawan/mac-version.ts";
import { completeRecord, MAX_JOIN_NONCE, MAX_UINT16, requireVersion } from "../complete-record.ts";
import type { ParseOptions, RecordNonces, UsedDevNonces } from "../device-record.ts";
import type { DeviceOfRecord } from "../parser/record-parser.ts";
import {
  booleanOf,
  euiOf,
  type Fields,
  isObject,
  keyOf,
  malformed,
  netIdOf,
  numberOf,
  numbersOf,
  tagsOf,
  textOf,
} from "../record-fields.ts";
import { chooseRootKeys } from "../root-key-convention.ts";
import { parseVersionName } from "../version-name.ts";

/** Objects of ChirpStack's API whose members are taken as those of the record. */
const NESTED = ["device", "deviceKeys", "device_keys", "keys", "deviceProfile", "device_profile"];

/**
 * A device of ChirpStack with its DeviceKeys: `{"device": {…}, "deviceKeys": {…}}` as its REST API has them
 * (`api/device.proto`, camel case or snake case), or all members in one record, as a row of its database
 * (tables `device`, `device_keys` and `device_profile`) in JSON or CSV.
 *
 * Nonces are only in the database: `join_nonce`, the value that the next Join-accept would have had, and
 * `dev_nonces`, by JoinEUI as `{"<JoinEUI>": [n, …]}`, a plain list before ChirpStack 4.11.
 */
export function deviceOfChirpStack(record: Fields, { defaults }: ParseOptions): DeviceOfRecord {
  const fields = flatten(record);
  const version = textOf(fields, "macversion");
  const macVersion = requireVersion(
    version === undefined ? undefined : parseVersionName(version),
    defaults,
  );
  const devEui = euiOf(fields, "deveui");
  const keys = chooseRootKeys("nwk-key", macVersion, {
    nwkKey: keyOf(fields, "nwkkey"),
    appKey: keyOf(fields, "appkey"),
    genAppKey: keyOf(fields, "genappkey"),
  });
  // ChirpStack keeps zeros for a JoinEUI that nobody has given it.
  const given = euiOf(fields, "joineui");
  const joinEui = given === undefined || /^0+$/.test(given) ? (defaults.joinEui ?? given) : given;
  const members = {
    devEui,
    joinEui,
    homeNetId: netIdOf(fields, "homenetid"),
    asId: textOf(fields, "asid"),
    name: textOf(fields, "name"),
    description: textOf(fields, "description"),
    tags: tagsOf(jsonOf(fields["tags"]), "tags"),
    isDisabled: booleanOf(fields, "isdisabled"),
    nonces: noncesOf(fields, macVersion, joinEui),
  };
  return completeRecord(members, macVersion, keys, defaults);
}

/** Members in lower case without underscores, so that all its spellings are one. */
function flatten(record: Fields): Fields {
  const fields: Record<string, unknown> = {};
  const profile = record["deviceProfile"] ?? record["device_profile"];
  // Name and tags of the profile are not those of the device.
  if (isObject(profile)) {
    fields["macversion"] = profile["macVersion"] ?? profile["mac_version"];
  }
  for (const nested of NESTED.slice(0, 4)) {
    const members = record[nested];
    if (isObject(members)) addAll(fields, members);
  }
  addAll(fields, record);
  return fields;
}

function addAll(fields: Record<string, unknown>, members: Fields): void {
  for (const [name, value] of Object.entries(members)) {
    if (!NESTED.includes(name)) fields[name.toLowerCase().replaceAll("_", "")] = value;
  }
}

function noncesOf(
  fields: Fields,
  macVersion: MacVersion,
  joinEui: UsedDevNonces["joinEui"] | undefined,
): RecordNonces {
  const joinNonce = numberOf(fields, "joinnonce", MAX_JOIN_NONCE) ?? 0;
  const used = usedDevNonces(jsonOf(fields["devnonces"]), joinEui);
  const common = { joinNonce, rjCount1: undefined };
  if (!usesDevNonceCounter(macVersion)) {
    return { ...common, lastDevNonce: undefined, usedDevNonces: used };
  }
  const ofThisJoinEui = used.find((entry) => entry.joinEui === joinEui)?.devNonces ?? [];
  const lastDevNonce = ofThisJoinEui.reduce<number | undefined>(
    (last, devNonce) => Math.max(last ?? 0, devNonce),
    undefined,
  );
  return { ...common, lastDevNonce, usedDevNonces: [] };
}

function usedDevNonces(
  value: unknown,
  joinEui: UsedDevNonces["joinEui"] | undefined,
): UsedDevNonces[] {
  if (value === undefined || value === null || value === "") return [];
  const lists = Array.isArray(value) && joinEui !== undefined ? { [joinEui]: value } : value;
  if (!isObject(lists)) throw malformed("dev_nonces", "must be a list, or lists by JoinEUI");
  return Object.entries(lists)
    .map(([name, devNonces]) => ({
      joinEui: euiOf({ dev_nonces: name }, "dev_nonces") as UsedDevNonces["joinEui"],
      devNonces: [...new Set(numbersOf(devNonces, "dev_nonces", MAX_UINT16))],
    }))
    .filter(({ devNonces }) => devNonces.length > 0);
}

/** A cell of CSV holds JSON as text, or `{1,2}` for an array of PostgreSQL. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== "string" || value === "") return value;
  const array = /^\{(\d[\d,\s]*)\}$/.exec(value)?.[1];
  if (array !== undefined) return array.split(",").filter(Boolean).map(Number);
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
