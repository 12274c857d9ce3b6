import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import type { Device } from "./device.ts";
import type { JoinServerStore } from "./ports.ts";

/** A device that must be on record. @throws WarrenError `device-unknown`, `storage-failed` */
export async function loadKnownDevice(store: JoinServerStore, devEui: Eui64): Promise<Device> {
  const device = await store.loadDevice(devEui);
  if (device === undefined) {
    throw new WarrenError("device-unknown", `no device has the DevEUI ${devEui}`);
  }
  return device;
}
