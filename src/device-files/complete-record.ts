import { WarrenError } from "../errors.ts";
import type { MacVersion } from "../lorawan/mac-version.ts";
import type {
  DeviceRecord,
  OwnMembers,
  ParsedDevice,
  RecordDefaults,
  RecordNonces,
} from "./device-record.ts";
import type { ChosenKeys } from "./root-key-convention.ts";

const NO_NONCES: RecordNonces = {
  joinNonce: 0,
  lastDevNonce: undefined,
  rjCount1: undefined,
  usedDevNonces: [],
};

/** The largest JoinNonce: it has three octets. */
export const MAX_JOIN_NONCE = 2 ** 24 - 1;
export const MAX_UINT16 = 0xffff;

/** Limits of the administration API. */
const MAX_LENGTHS = { name: 128, description: 2000, tag: 64, tagValue: 256 } as const;
const MAX_TAGS = 32;

/** The most DevNonces on record of one device: all there are, with a few JoinEUIs. */
const MAX_USED_DEV_NONCES = 4 * (MAX_UINT16 + 1);

/** What a record says of a device; all that has a default may be missing. */
export interface RecordMembers {
  readonly devEui: DeviceRecord["devEui"] | undefined;
  readonly joinEui?: DeviceRecord["joinEui"] | undefined;
  readonly homeNetId?: DeviceRecord["homeNetId"] | undefined;
  readonly asId?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly isDisabled?: boolean | undefined;
  readonly nonces?: RecordNonces;
  readonly own?: OwnMembers;
}

/**
 * A record as a device, with the defaults in place of what it leaves out.
 *
 * @throws WarrenError `text-malformed` for what has no default either, `value-out-of-range`
 */
export function completeRecord(
  members: RecordMembers,
  macVersion: MacVersion,
  { rootKeys, warnings }: ChosenKeys,
  defaults: RecordDefaults,
): Omit<ParsedDevice, "position"> {
  const devEui = required(members.devEui, "DevEUI", undefined);
  const joinEui = required(members.joinEui ?? defaults.joinEui, "JoinEUI", "--join-eui");
  const asId = required(members.asId ?? defaults.asId, "AS-ID", "--as-id");
  if (!/^[!-~]{1,64}$/.test(asId)) {
    throw new WarrenError("text-malformed", "the AS-ID must be 1 to 64 characters without spaces");
  }
  const device: DeviceRecord = {
    devEui,
    joinEui,
    macVersion,
    rootKeys,
    homeNetId: required(members.homeNetId ?? defaults.homeNetId, "NetID", "--home-net-id"),
    asId,
    name: members.name ?? "",
    description: members.description ?? "",
    tags: members.tags ?? {},
    isDisabled: members.isDisabled ?? false,
    nonces: checkedNonces(members.nonces ?? NO_NONCES),
    own: members.own ?? {},
  };
  checkTexts(device);
  return { device, warnings };
}

/** @throws WarrenError `value-out-of-range` */
function checkTexts({ name, description, tags }: DeviceRecord): void {
  checkText("name", name, MAX_LENGTHS.name);
  checkText("description", description.replace(/[\t\n\r]/g, " "), MAX_LENGTHS.description);
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) {
    throw new WarrenError("value-out-of-range", `there are more than ${MAX_TAGS} tags`);
  }
  for (const [tag, value] of entries) {
    if (tag === "") throw new WarrenError("value-out-of-range", "a tag has no name");
    checkText("the name of a tag", tag, MAX_LENGTHS.tag);
    checkText("the value of a tag", value, MAX_LENGTHS.tagValue);
  }
}

/** Characters are counted as the administration API counts them (JSON Schema): an emoji is one. */
function checkText(what: string, text: string, maxLength: number): void {
  if ([...text].length > maxLength || /[\p{Cc}\p{Cs}]/u.test(text)) {
    throw new WarrenError(
      "value-out-of-range",
      `${what} must have at most ${maxLength} characters and no control characters`,
    );
  }
}

/** @throws WarrenError `text-malformed` */
export function requireVersion(
  version: MacVersion | undefined,
  defaults: RecordDefaults,
): MacVersion {
  return required(version ?? defaults.macVersion, "LoRaWAN version", "--mac-version");
}

function required<T>(value: T | undefined, what: string, option: string | undefined): T {
  if (value !== undefined) return value;
  const remedy = option === undefined ? "" : `; give one for all with ${option}`;
  throw new WarrenError("text-malformed", `there is no ${what}${remedy}`);
}

function checkedNonces(nonces: RecordNonces): RecordNonces {
  const count = nonces.usedDevNonces.reduce((sum, { devNonces }) => sum + devNonces.length, 0);
  if (count > MAX_USED_DEV_NONCES) {
    throw new WarrenError("value-out-of-range", "there are more used DevNonces than can be");
  }
  return nonces;
}
