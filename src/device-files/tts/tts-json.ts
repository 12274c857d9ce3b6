import type { Aes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { type MacVersion, usesDevNonceCounter } from "../../lorawan/mac-version.ts";
import { completeRecord, MAX_JOIN_NONCE, MAX_UINT16, requireVersion } from "../complete-record.ts";
import type { ParseOptions, RecordNonces } from "../device-record.ts";
import type { DeviceOfRecord } from "../parser/record-parser.ts";
import {
  booleanOf,
  bytesOf,
  euiOf,
  type Fields,
  has,
  keyOf,
  netIdOf,
  numberOf,
  numbersOf,
  objectOf,
  tagsOf,
  textOf,
} from "../record-fields.ts";
import { type ChosenKeys, chooseRootKeys } from "../root-key-convention.ts";
import { parseVersionName } from "../version-name.ts";
import { openWrappedKey } from "../wrapped-keys.ts";
import { TTS_DEVICE_ID } from "./tts-device-id.ts";

/** `root_key_id` of keys that ttn-lw-cli made: its 1.0.x devices join with the AppKey even so. */
const GENERATED_BY_CLI = "ttn-lw-cli-generated";

/**
 * An EndDevice of The Things Stack's API (`end_device.proto`; "JSON File Reference" of its documentation),
 * as `ttn-lw-cli end-devices list` and `ttn-lw-migrate` write it. Nonces are kept. Sessions are not: they
 * belong to the Network Server.
 */
export function deviceOfTtsDevice(
  device: Fields,
  { defaults, keks }: ParseOptions,
): DeviceOfRecord {
  const ids = objectOf(device["ids"], "ids");
  const version = textOf(device, "lorawan_version");
  const macVersion = requireVersion(
    version === undefined ? undefined : parseVersionName(version),
    defaults,
  );
  const devEui = euiOf(ids, "dev_eui");
  const joinEui = euiOf(ids, "join_eui") ?? defaults.joinEui;
  const keys = rootKeysOf(objectOf(device["root_keys"], "root_keys"), macVersion, keks);
  const id = textOf(ids, "device_id");
  const name = textOf(device, "name") ?? id;
  const tags = tagsOf(device["attributes"], "attributes");
  if (id !== undefined && id !== name) tags[TTS_DEVICE_ID] = id;
  const resetsNonces = booleanOf(device, "resets_join_nonces") ?? false;
  const members = {
    devEui,
    joinEui,
    homeNetId: netIdOf(device, "net_id"),
    asId: textOf(device, "application_server_id"),
    name,
    description: textOf(device, "description"),
    tags,
    nonces: noncesOf(device, macVersion, joinEui),
  };
  const warnings = resetsNonces
    ? [
        ...keys.warnings,
        "resets_join_nonces is not taken over: a device that starts its DevNonces anew will be refused",
      ]
    : keys.warnings;
  return completeRecord(members, macVersion, { ...keys, warnings }, defaults);
}

function rootKeysOf(
  rootKeys: Fields,
  macVersion: MacVersion,
  keks: ParseOptions["keks"],
): ChosenKeys {
  const appKey = keyEnvelopeOf(rootKeys, "app_key", keks);
  const isOfCli = rootKeys["root_key_id"] === GENERATED_BY_CLI && !macVersion.startsWith("1.1");
  return chooseRootKeys("app-key", macVersion, {
    nwkKey: isOfCli && appKey !== undefined ? undefined : keyEnvelopeOf(rootKeys, "nwk_key", keks),
    appKey,
    genAppKey: undefined,
  });
}

/** `{ key }` in the clear, or `{ encrypted_key, kek_label }` (RFC 3394). */
function keyEnvelopeOf(
  rootKeys: Fields,
  name: string,
  keks: ParseOptions["keks"],
): Aes128Key | undefined {
  const envelope = objectOf(rootKeys[name], `root_keys.${name}`);
  if (has(envelope, "key")) return keyOf(envelope, "key");
  const wrapped = wrappedKeyOf(envelope, name);
  if (wrapped === undefined) return undefined;
  const kekLabel = textOf(envelope, "kek_label") ?? "";
  return openWrappedKey({ name, octets: wrapped, kekLabel }, keks);
}

/** 24 bytes in hex; the JSON of protocol buffers has octets in base64. */
function wrappedKeyOf(envelope: Fields, name: string): Uint8Array | undefined {
  const text = textOf(envelope, "encrypted_key");
  if (text === undefined || /^[0-9a-fA-F]{48}$/.test(text)) {
    return bytesOf(envelope, "encrypted_key", 24);
  }
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.length === 24) return bytes;
  throw new WarrenError("text-malformed", `encrypted_key of ${name} must have 24 octets`);
}

/**
 * The Things Stack leaves a number out where it is 0, so a counter device that has joined and has no
 * `last_dev_nonce` joined with DevNonce 0. Of a device before 1.0.4 it has the last ten DevNonces only.
 */
function noncesOf(
  device: Fields,
  macVersion: MacVersion,
  joinEui: Eui64 | undefined,
): RecordNonces {
  const joinNonce = numberOf(device, "last_join_nonce", MAX_JOIN_NONCE) ?? 0;
  const last = numberOf(device, "last_dev_nonce", MAX_UINT16);
  const used = numbersOf(device["used_dev_nonces"], "used_dev_nonces", MAX_UINT16);
  const rjCount1 = numberOf(device, "last_rj_count_1", MAX_UINT16);
  const seen = last === undefined ? used : [...used, last];
  const common = { joinNonce, rjCount1 };
  if (usesDevNonceCounter(macVersion)) {
    const isFresh = seen.length === 0 && joinNonce === 0;
    const lastDevNonce = isFresh ? undefined : Math.max(0, ...seen);
    return { ...common, lastDevNonce, usedDevNonces: [] };
  }
  const usedDevNonces =
    seen.length === 0 || joinEui === undefined ? [] : [{ joinEui, devNonces: [...new Set(seen)] }];
  return { ...common, lastDevNonce: undefined, usedDevNonces };
}
