import fc from "fast-check";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import type { DeviceRecord } from "../../../src/device-files/device-record.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { parseEui64, parseNetId } from "../../../src/lorawan/identifiers.ts";
import { isLorawan11, usesDevNonceCounter } from "../../../src/lorawan/mac-version.ts";

const eui = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .filter((bytes) => bytes.some((octet) => octet !== 0))
  .map((bytes) => parseEui64(formatHex(bytes)));
const key = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .filter((bytes) => bytes.some((octet) => octet !== 0))
  .map((bytes) => importAes128Key(bytes));
const uint16 = fc.integer({ min: 0, max: 0xffff });
/** Text that a person could have typed; CSV trims spaces around a field, so it has none there. */
const text = fc
  .string({ unit: "grapheme", maxLength: 30 })
  .map((value) => value.replace(/[\p{Cc}\p{Cs}\p{Zs}\ufeff]/gu, "").trim());

/** Any device with all that a file can say, but for what only Warren knows. */
export const anyDevice: fc.Arbitrary<DeviceRecord> = fc
  .record({
    macVersion: fc.constantFrom("1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"),
    devEui: eui,
    joinEui: eui,
    nwkKey: key,
    appKey: key,
    hasGenAppKey: fc.boolean(),
    homeNetId: fc
      .uint8Array({ minLength: 3, maxLength: 3 })
      .map((bytes) => parseNetId(formatHex(bytes))),
    asId: fc.stringMatching(/^[!-~]{1,20}$/),
    name: text,
    description: text,
    tags: fc.dictionary(
      text.filter((name) => name !== "" && name !== "__proto__"),
      text,
      { maxKeys: 4, noNullPrototype: true },
    ),
    isDisabled: fc.boolean(),
    joinNonce: fc.integer({ min: 1, max: 0xff_ffff }),
    devNonces: fc.uniqueArray(uint16, { minLength: 1, maxLength: 5 }),
    rjCount1: fc.option(uint16, { nil: undefined }),
  })
  .map(({ nwkKey, appKey, hasGenAppKey, joinNonce, devNonces, rjCount1, ...device }) => {
    const isCounter = usesDevNonceCounter(device.macVersion);
    return {
      ...device,
      rootKeys: {
        nwkKey,
        appKey: isLorawan11(device.macVersion) || hasGenAppKey ? appKey : undefined,
      },
      nonces: {
        joinNonce,
        lastDevNonce: isCounter ? devNonces[0] : undefined,
        rjCount1: isLorawan11(device.macVersion) ? rjCount1 : undefined,
        usedDevNonces: isCounter ? [] : [{ joinEui: device.joinEui, devNonces }],
      },
      own: {},
    };
  });
