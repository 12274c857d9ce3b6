import type { ChangeableSettings } from "../../../../join-server/administration/change-device.ts";
import type {
  DeviceDraft,
  GivenNonces,
} from "../../../../join-server/administration/device-draft.ts";
import { DEFAULT_DEVICE_SETTINGS, type DeviceSettings } from "../../../../join-server/device.ts";
import type { UpdatePolicySettings } from "../../../../join-server/policies/update-policy-settings.ts";
import type { DeviceQuery } from "../../../../join-server/ports/device-store.ts";
import type { GivenRootKeys } from "../../../../join-server/register-device.ts";
import { parseEui64, parseNetId } from "../../../../lorawan/identifiers.ts";
import { parseMacVersion } from "../../../../lorawan/mac-version.ts";
import { parseSuite, type Suite } from "../../../../root-key/suite.ts";
import { parseKey } from "../../../parse-key.ts";
import type {
  DeviceBatchItem,
  DeviceBody,
  DeviceListQuery,
  DevicePatch,
} from "../schemas/device-schemas.ts";

/** @throws WarrenError `text-malformed` for a version or a suite that there is not */
export function readSettings(devEui: string, body: DeviceBody): DeviceSettings {
  return {
    ...DEFAULT_DEVICE_SETTINGS,
    ...readPatch(body),
    devEui: parseEui64(devEui),
    joinEui: parseEui64(body.joinEui),
    macVersion: parseMacVersion(body.macVersion),
    homeNetId: parseNetId(body.homeNetId),
    asId: body.asId,
  };
}

/** Only what is given. @throws WarrenError `text-malformed` */
export function readPatch(body: DevicePatch): Partial<ChangeableSettings> {
  const { homeNetId, asId, suite, name, description, tags } = body;
  const { deviceProfile, updatePolicy, carrier } = body;
  const { isDisabled, allowsForeignJoinEui } = body;
  return {
    ...(homeNetId !== undefined && { homeNetId: parseNetId(homeNetId) }),
    ...(suite !== undefined && { suite: parseSuite(suite) }),
    ...given({ asId, name, description, deviceProfile, carrier }),
    ...(updatePolicy !== undefined && { updatePolicy: updatePolicy as UpdatePolicySettings }),
    ...given({ tags, isDisabled, allowsForeignJoinEui }),
  };
}

export function readRootKeys(body: Pick<DeviceBody, "nwkKey" | "appKey">): GivenRootKeys {
  const { nwkKey, appKey } = body;
  return { nwkKey: parseKey(nwkKey), appKey: appKey === undefined ? undefined : parseKey(appKey) };
}

/** @throws WarrenError `text-malformed` */
export function readDraft({ devEui, nonces, ...body }: DeviceBatchItem): DeviceDraft {
  return {
    settings: readSettings(devEui, body),
    keys: readRootKeys(body),
    nonces: nonces as GivenNonces | undefined,
  };
}

/** @throws WarrenError `text-malformed` */
export function readDeviceQuery(query: DeviceListQuery): DeviceQuery {
  const { devEuiPrefix, joinEui, homeNetId, macVersion } = query;
  const { asId, generation, updateStatus, isDisabled, deviceProfile, text } = query;
  return {
    ...(devEuiPrefix !== undefined && { devEuiPrefix: devEuiPrefix.toLowerCase() }),
    ...(joinEui !== undefined && { joinEui: parseEui64(joinEui) }),
    ...(homeNetId !== undefined && { homeNetId: parseNetId(homeNetId) }),
    ...(macVersion !== undefined && { macVersion: parseMacVersion(macVersion) }),
    ...given({ asId, generation, updateStatus, isDisabled, deviceProfile, text }),
  };
}

export function readSuite(name: string | undefined): Suite | undefined {
  return name === undefined ? undefined : parseSuite(name);
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}
