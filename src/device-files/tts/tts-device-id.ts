import type { DeviceRecord } from "../device-record.ts";

/** The tag for the device ID of The Things Stack, where the device has another name. */
export const TTS_DEVICE_ID = "tts.device_id";

/** The device ID that The Things Stack knew the device by, or the one it makes of a DevEUI. */
export function ttsDeviceId({
  devEui,
  tags,
  name,
}: Pick<DeviceRecord, "devEui" | "tags" | "name">): string {
  const known = tags[TTS_DEVICE_ID] ?? name;
  // The form of its identifiers: `^[a-z0-9](?:[-]?[a-z0-9]){2,}$`, at most 36 characters.
  return /^[a-z0-9](?:-?[a-z0-9]){2,}$/.test(known) && known.length <= 36 ? known : `eui-${devEui}`;
}
