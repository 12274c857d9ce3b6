import type { Device } from "../../../src/join-server/device.ts";
import { DEFAULT_DEVICE_SETTINGS } from "../../../src/join-server/device.ts";
import { newDevice } from "../../../src/join-server/register-device.ts";
import { parseEui64, parseNetId } from "../../../src/lorawan/identifiers.ts";
import { randomKey } from "../../support/test-device.ts";

/** A device made in 2026, with whatever a test says of it. */
export function deviceForPolicies(members: Partial<Device>): Device {
  const settings = {
    ...DEFAULT_DEVICE_SETTINGS,
    devEui: parseEui64("0102030405060708"),
    joinEui: parseEui64("70b3d57ed0000001"),
    macVersion: "1.0.3",
    homeNetId: parseNetId("000013"),
    asId: "example-as",
  } as const;
  const keys = { nwkKey: randomKey(), appKey: undefined };
  return { ...newDevice(settings, keys, Date.parse("2026-01-01T00:00:00Z")), ...members };
}
