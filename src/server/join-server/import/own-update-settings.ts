import { Value } from "typebox/value";
import type { OwnMembers } from "../../../device-files/device-record.ts";
import { WarrenError } from "../../../errors.ts";
import { DEFAULT_DEVICE_SETTINGS, type DeviceSettings } from "../../../join-server/device.ts";
import type { UpdatePolicySettings } from "../../../join-server/policies/update-policy-settings.ts";
import { Carrier, DeviceProfileName } from "../admin/schemas/common.ts";
import { UpdatePolicyBody } from "../admin/schemas/update-policy-schema.ts";

type UpdateSettings = Pick<DeviceSettings, "deviceProfile" | "updatePolicy" | "carrier">;

/**
 * What a record says of the updates of its device, as the administration API takes it.
 *
 * @throws WarrenError `text-malformed`
 */
export function readOwnUpdateSettings(own: OwnMembers): UpdateSettings {
  const usual = DEFAULT_DEVICE_SETTINGS;
  const { deviceProfile = usual.deviceProfile, updatePolicy = {}, carrier = usual.carrier } = own;
  if (!Value.Check(DeviceProfileName, deviceProfile)) {
    throw new WarrenError(
      "text-malformed",
      "deviceProfile: at most 64 characters, none of them a control character",
    );
  }
  if (!Value.Check(UpdatePolicyBody, updatePolicy)) {
    throw new WarrenError("text-malformed", "updatePolicy: not as the administration API takes it");
  }
  if (!Value.Check(Carrier, carrier)) {
    throw new WarrenError(
      "text-malformed",
      "carrier: one of automatic, mac-commands, application-port",
    );
  }
  return { deviceProfile, updatePolicy: updatePolicy as UpdatePolicySettings, carrier };
}
