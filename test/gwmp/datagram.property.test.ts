import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { decodeDatagram, encodeDatagram, type GwmpDatagram } from "../../src/gwmp/datagram.ts";
import { gatewayEui } from "./examples.ts";

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const byte = fc.integer({ min: 0, max: 255 });
const frequencyHz = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const phyPayload = fc.uint8Array({ minLength: 1, maxLength: 255 });
const datr = fc
  .tuple(fc.integer({ min: 5, max: 12 }), fc.constantFrom(125, 250, 500))
  .map(([spreadingFactor, bandwidth]) => `SF${spreadingFactor}BW${bandwidth}`);
const fskDatr = fc.integer({ min: 1, max: 1_000_000 });
// JSON has no negative zero.
const decibels = fc
  .double({ min: -150, max: 50, noNaN: true })
  .map((value) => (value === 0 ? 0 : value));
const options = { noNullPrototype: true } as const;

const rxpkCommon = { tmst: uint32, frequencyHz, rssi: decibels, phyPayload };
const rxpkOptional = { time: fc.string(), tmms: fc.maxSafeNat(), chan: byte, rfch: byte };
const crcStatus = fc.constantFrom(-1, 0, 1);

function withOptional(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<object> {
  const requiredKeys = Object.keys(required);
  return fc.record({ ...required, ...optional }, { requiredKeys, ...options });
}

const rxpk = fc.oneof(
  withOptional(
    { ...rxpkCommon, crcStatus, modu: fc.constant("LORA"), datr },
    { ...rxpkOptional, codr: fc.string(), lsnr: decibels },
  ),
  withOptional({ ...rxpkCommon, crcStatus, modu: fc.constant("FSK"), datr: fskDatr }, rxpkOptional),
);

const stat = withOptional(
  {},
  { time: fc.string(), alti: decibels, rxnb: fc.maxSafeNat(), txnb: uint32, temp: decibels },
);

const txpkCommon = {
  timing: fc.oneof(
    fc.constant("immediately"),
    fc.record({ tmst: uint32 }, options),
    fc.record({ tmms: fc.maxSafeNat() }, options),
  ),
  frequencyHz,
  rfch: byte,
  ncrc: fc.boolean(),
  phyPayload,
};
const txpkOptional = {
  powe: fc.integer({ min: -128, max: 127 }),
  prea: fc.integer({ min: 0, max: 65_535 }),
};
const codr = fc.constantFrom("4/5", "4/6", "2/3", "4/7", "4/8", "1/2");
const txpk = fc.oneof(
  withOptional(
    { ...txpkCommon, modu: fc.constant("LORA"), datr, codr, ipol: fc.boolean() },
    txpkOptional,
  ),
  withOptional(
    { ...txpkCommon, modu: fc.constant("FSK"), datr: fskDatr, fdev: fskDatr },
    txpkOptional,
  ),
);

const result = fc.oneof(
  fc.constant({}),
  fc.record({ error: fc.string({ minLength: 1 }).filter((text) => text !== "NONE") }, options),
  fc.record({ warn: fc.constant("TX_POWER"), value: fc.oneof(decibels, fc.string()) }, options),
);

const header = {
  version: fc.constantFrom(1, 2),
  token: fc.integer({ min: 0, max: 65_535 }),
};
const eui = { gatewayEui: fc.constant(gatewayEui) };
const type = (name: string) => ({ type: fc.constant(name) });

const anyDatagram = fc.oneof(
  withOptional(
    { ...type("PUSH_DATA"), ...header, ...eui, rxpk: fc.array(rxpk, { maxLength: 5 }) },
    { stat },
  ),
  withOptional({ ...type("PUSH_ACK"), ...header }, {}),
  withOptional({ ...type("PULL_DATA"), ...header, ...eui }, {}),
  withOptional({ ...type("PULL_RESP"), ...header, txpk }, {}),
  withOptional({ ...type("PULL_ACK"), ...header }, {}),
  withOptional({ ...type("TX_ACK"), ...header, version: fc.constant(2), ...eui, result }, {}),
) as fc.Arbitrary<GwmpDatagram>;

suite("any datagram", () => {
  test("comes back from its bytes", () => {
    fc.assert(
      fc.property(anyDatagram, (datagram) => {
        const decoded = decodeDatagram(encodeDatagram(datagram));
        const expected =
          datagram.type === "PUSH_DATA" ? { ...datagram, problems: [] } : { ...datagram };
        assert.deepEqual(decoded, expected);
      }),
      { numRuns: 500 },
    );
  });

  test("has only numbers that other JSON parsers read exactly", () => {
    fc.assert(
      fc.property(frequencyHz, (hz) => {
        const text = JSON.stringify(hz / 1e6);
        assert.match(text, /^\d{1,4}(\.\d{1,6})?$|^\d(\.\d+)?e-\d$/);
      }),
    );
  });
});
