import type { Campaign } from "../api/generated/warren-api.ts";

export type DeviceConditions = NonNullable<Campaign["query"]>;

const NAMES: Readonly<Record<keyof DeviceConditions, string>> = {
  devEuiPrefix: "DevEUI begins with",
  joinEui: "JoinEUI",
  homeNetId: "NetID",
  asId: "AS-ID",
  macVersion: "LoRaWAN",
  generation: "generation",
  updateStatus: "last update",
  isDisabled: "disabled:",
  deviceProfile: "device profile",
  text: "name, description or tag has",
};

/** A search for devices in words: `JoinEUI 70b3d57ed0000001, generation 0`; `all devices` for none. */
export function conditionsText(query: DeviceConditions): string {
  const words = Object.entries(query).map(([name, value]) => {
    const shown = value === true ? "yes" : value === false ? "no" : value;
    return `${NAMES[name as keyof DeviceConditions] ?? name} ${shown === "" ? "(none)" : shown}`;
  });
  return words.join(", ") || "all devices";
}
