import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import type { Device } from "./device.ts";
import type { DeviceStore, Freshness } from "./ports/device-store.ts";

/** A device that must be on record. @throws WarrenError `device-unknown`, `storage-failed` */
export async function loadKnownDevice(
  store: Pick<DeviceStore, "loadDevice">,
  devEui: Eui64,
  freshness: Freshness = "fresh",
): Promise<Device> {
  const device = await store.loadDevice(devEui, freshness);
  if (device === undefined) {
    throw new WarrenError("device-unknown", `no device has the DevEUI ${devEui}`);
  }
  return device;
}
