import { WarrenError } from "../errors.ts";
import { findKeyWeakness, KEY_WEAKNESSES } from "../lorawan/keys/weak-key.ts";
import type { MacVersion } from "../lorawan/mac-version.ts";
import type {
  DeviceDraft,
  DraftDefaults,
  DraftNonces,
  DraftRootKeys,
  OwnMembers,
  ParsedDraft,
} from "./device-draft.ts";
import type { ChosenKeys } from "./root-key-convention.ts";

const NO_NONCES: DraftNonces = {
  joinNonce: 0,
  lastDevNonce: undefined,
  rjCount1: undefined,
  usedDevNonces: [],
};

/** The largest JoinNonce: it has three octets. */
export const MAX_JOIN_NONCE = 2 ** 24 - 1;
export const MAX_UINT16 = 0xffff;

/** The most DevNonces on record of one device: all there are, with a few JoinEUIs. */
const MAX_USED_DEV_NONCES = 4 * (MAX_UINT16 + 1);

/** What a record says of a device; all that has a default may be missing. */
export interface RecordMembers {
  readonly devEui: DeviceDraft["devEui"] | undefined;
  readonly joinEui?: DeviceDraft["joinEui"] | undefined;
  readonly homeNetId?: DeviceDraft["homeNetId"] | undefined;
  readonly asId?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly isDisabled?: boolean | undefined;
  readonly nonces?: DraftNonces;
  readonly own?: OwnMembers;
}

/**
 * A record as a draft, with the defaults in place of what it leaves out.
 *
 * @throws WarrenError `text-malformed` for what has no default either, `value-out-of-range`
 */
export function completeDraft(
  members: RecordMembers,
  macVersion: MacVersion,
  { rootKeys, warnings }: ChosenKeys,
  defaults: DraftDefaults,
): Omit<ParsedDraft, "position"> {
  const devEui = required(members.devEui, "DevEUI", undefined);
  const joinEui = required(members.joinEui ?? defaults.joinEui, "JoinEUI", "--join-eui");
  const asId = required(members.asId ?? defaults.asId, "AS-ID", "--as-id");
  if (!/^[!-~]{1,64}$/.test(asId)) {
    throw new WarrenError("text-malformed", "the AS-ID must be 1 to 64 characters without spaces");
  }
  const draft: DeviceDraft = {
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
  const weak = weaknesses(rootKeys, draft);
  return { draft, warnings: weak.length === 0 ? warnings : [...warnings, ...weak] };
}

/** @throws WarrenError `text-malformed` */
export function requireVersion(
  version: MacVersion | undefined,
  defaults: DraftDefaults,
): MacVersion {
  return required(version ?? defaults.macVersion, "LoRaWAN version", "--mac-version");
}

function required<T>(value: T | undefined, what: string, option: string | undefined): T {
  if (value !== undefined) return value;
  const remedy = option === undefined ? "" : `; give one for all with ${option}`;
  throw new WarrenError("text-malformed", `there is no ${what}${remedy}`);
}

function checkedNonces(nonces: DraftNonces): DraftNonces {
  const count = nonces.usedDevNonces.reduce((sum, { devNonces }) => sum + devNonces.length, 0);
  if (count > MAX_USED_DEV_NONCES) {
    throw new WarrenError("value-out-of-range", "there are more used DevNonces than can be");
  }
  return nonces;
}

function weaknesses(
  { nwkKey, appKey }: DraftRootKeys,
  device: Pick<DeviceDraft, "devEui" | "joinEui">,
): string[] {
  const warnings: string[] = [];
  for (const [name, key] of [
    ["root key", nwkKey],
    ["second root key", appKey],
  ] as const) {
    const weakness = key && findKeyWeakness(key, device);
    if (weakness !== undefined) warnings.push(`its ${name} is weak: ${KEY_WEAKNESSES[weakness]}`);
  }
  return warnings;
}
