import type { Device } from "../api/generated/warren-api.ts";

/** What can be changed in a device at any time, as its form has it. */
export interface DeviceSettings {
  readonly name: string;
  readonly description: string;
  readonly homeNetId: string;
  readonly asId: string;
  readonly suite: string;
  readonly deviceProfile: string;
  readonly carrier: Device["carrier"];
  readonly tags: readonly { readonly name: string; readonly value: string }[];
  readonly allowsForeignJoinEui: boolean;
}

export const NEW_SETTINGS: DeviceSettings = {
  name: "",
  description: "",
  homeNetId: "",
  asId: "",
  suite: "rabbit",
  deviceProfile: "",
  carrier: "automatic",
  tags: [],
  allowsForeignJoinEui: false,
};

export const SUITES = ["rabbit", "aes-cmac", "hkdf-sha256"] as const;

export function settingsOf(device: Device): DeviceSettings {
  const { name, description, homeNetId, asId, suite, deviceProfile, carrier } = device;
  const { tags, allowsForeignJoinEui } = device;
  return {
    ...{ name, description, homeNetId, asId, suite, deviceProfile, carrier, allowsForeignJoinEui },
    tags: Object.entries(tags).map(([tag, value]) => ({ name: tag, value })),
  };
}

/** As the API takes them; tags without a name are left out. */
export function bodyOf({ tags, homeNetId, asId, ...rest }: DeviceSettings) {
  const named = tags.filter(({ name }) => name.trim() !== "");
  return {
    ...rest,
    homeNetId: homeNetId.trim(),
    asId: asId.trim(),
    tags: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
  };
}

/** What has to be mended before the settings can be sent, by field. */
export function settingsMistakes({ homeNetId, asId }: DeviceSettings) {
  return {
    homeNetId: isHex(homeNetId, 6) ? undefined : "6 hex digits, such as 000013",
    asId: /^[!-~]{1,64}$/.test(asId.trim()) ? undefined : "1 to 64 characters without spaces",
  };
}

export function isHex(text: string, digits: number): boolean {
  return new RegExp(`^[0-9a-f]{${digits}}$`, "i").test(text.trim());
}
