import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importKek } from "../../src/crypto/key-wrap.ts";
import type { DeviceRecord } from "../../src/device-files/device-record.ts";
import { formatDevice, headingOf } from "../../src/device-files/format-devices.ts";
import type { DeviceFormat } from "../../src/device-files/formats.ts";
import type { KeyWriting } from "../../src/device-files/key-writing.ts";
import { isLorawan11 } from "../../src/lorawan/mac-version.ts";
import { anyDevice } from "./support/arbitrary-device.ts";
import { OPTIONS, parseOne, plain } from "./support/parse.ts";

const CLEAR: KeyWriting = { kind: "clear" };
const KEK = importKek(new Uint8Array(16).fill(7));
const WRAPPED: KeyWriting = { kind: "wrapped", label: "supplier", kek: KEK };
const WITH_KEK = { ...OPTIONS, keks: new Map([["supplier", KEK]]) };

/** What a format cannot say comes back as the default. */
const KEPT: Readonly<Record<DeviceFormat, (device: DeviceRecord) => DeviceRecord>> = {
  warren: (device) => device,
  "tts-json": (device) => ({
    ...withoutGenAppKey(device),
    isDisabled: false,
    name: device.name === "" ? `eui-${device.devEui}` : device.name,
  }),
  "tts-csv": (device) => ({
    ...withoutGenAppKey(device),
    isDisabled: false,
    name: device.name === "" ? `eui-${device.devEui}` : device.name,
    tags: {},
    homeNetId: OPTIONS.defaults.homeNetId as DeviceRecord["homeNetId"],
    asId: OPTIONS.defaults.asId as string,
    nonces: { joinNonce: 0, lastDevNonce: undefined, rjCount1: undefined, usedDevNonces: [] },
  }),
  chirpstack: (device) => ({
    ...ofChirpStack(device),
    name: device.name === "" ? device.devEui : device.name,
  }),
  "chirpstack-csv": ofChirpStack,
};

function withoutGenAppKey(device: DeviceRecord): DeviceRecord {
  const { nwkKey, appKey } = device.rootKeys;
  const kept = isLorawan11(device.macVersion) ? appKey : undefined;
  return { ...device, rootKeys: { nwkKey, appKey: kept } };
}

function ofChirpStack(device: DeviceRecord): DeviceRecord {
  return {
    ...device,
    homeNetId: OPTIONS.defaults.homeNetId as DeviceRecord["homeNetId"],
    asId: OPTIONS.defaults.asId as string,
    nonces: { ...device.nonces, rjCount1: undefined },
  };
}

/** The tag that keeps another device ID of The Things Stack is not what is compared here. */
function withoutDeviceId(device: DeviceRecord): DeviceRecord {
  const { "tts.device_id": _id, ...tags } = device.tags;
  return { ...device, tags };
}

describe("a device that is written and read again", () => {
  for (const format of Object.keys(KEPT) as DeviceFormat[]) {
    it(`is the same in ${format}, as far as that can say it`, () => {
      fc.assert(
        fc.property(anyDevice, (device) => {
          const text = headingOf(format) + formatDevice(format, device, CLEAR);
          const read = withoutDeviceId(parseOne(text, format));
          assert.deepEqual(plain(read), plain(KEPT[format](device)));
        }),
      );
    });
  }

  for (const format of ["warren", "tts-json"] as const) {
    it(`has the same keys in ${format} when they were wrapped`, () => {
      fc.assert(
        fc.property(anyDevice, (device) => {
          const text = formatDevice(format, device, WRAPPED);
          const read = withoutDeviceId(parseOne(text, format, WITH_KEK));
          assert.deepEqual(plain(read), plain(KEPT[format](device)));
        }),
      );
    });
  }
});
