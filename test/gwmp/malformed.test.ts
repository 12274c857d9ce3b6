import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { WarrenError } from "../../src/errors.ts";
import { decodeDatagram, encodeDatagram, type GwmpDatagram } from "../../src/gwmp/datagram.ts";
import { datagram, gatewayEui, loraTxpkExample, rxpkExample, statExample } from "./examples.ts";

const pushData = "02123400aa555a0000000101";
const txAck = "02123405aa555a0000000101";

function decodesOrThrowsTyped(bytes: Uint8Array): void {
  try {
    decodeDatagram(bytes);
  } catch (error) {
    assert.ok(error instanceof WarrenError, String(error));
  }
}

suite("a malformed datagram", () => {
  const cases: readonly (readonly [what: string, bytes: Uint8Array, code: string])[] = [
    ["nothing", datagram(""), "frame-too-short"],
    ["a version only", datagram("02"), "frame-too-short"],
    ["half a token", datagram("0212"), "frame-too-short"],
    ["no identifier", datagram("021234"), "frame-too-short"],
    ["version 0", datagram("00123401"), "protocol-version-unknown"],
    ["version 3", datagram("03123401"), "protocol-version-unknown"],
    ["identifier 6", datagram("02123406"), "frame-malformed"],
    ["a TX_ACK of version 1", datagram("01123405aa555a0000000101"), "frame-malformed"],
    ["PUSH_DATA without EUI", datagram("02123400aa555a00000001"), "frame-too-short"],
    ["PULL_DATA without EUI", datagram("02123402aa"), "frame-too-short"],
    ["TX_ACK without EUI", datagram("02123405aa"), "frame-too-short"],
    ["PULL_DATA with more", datagram("02123402aa555a000000010100"), "frame-too-long"],
    ["PUSH_ACK with more", datagram("0212340100"), "frame-too-long"],
    ["PULL_ACK with more", datagram("0212340400"), "frame-too-long"],
    ["PUSH_DATA without JSON", datagram(pushData), "frame-malformed"],
    ["PULL_RESP without JSON", datagram("02123403"), "frame-malformed"],
    ["JSON cut off", datagram(pushData, '{"rxpk":['), "frame-malformed"],
    ["JSON and a NUL byte", datagram(pushData, "{}\0"), "frame-malformed"],
    ["text that is no UTF-8", datagram(`${pushData}7b22ff223a317d`), "frame-malformed"],
    ["an array", datagram(pushData, "[]"), "frame-malformed"],
    ["null", datagram("02123403", "null"), "frame-malformed"],
    ["PULL_RESP without txpk", datagram("02123403", "{}"), "frame-malformed"],
    ["PULL_RESP with a wrong txpk", datagram("02123403", '{"txpk":[]}'), "frame-malformed"],
    ["TX_ACK without txpk_ack", datagram(txAck, "{}"), "frame-malformed"],
    ["TX_ACK with a number", datagram(txAck, '{"txpk_ack":{"error":1}}'), "frame-malformed"],
    ["TX_ACK with an object", datagram(txAck, '{"txpk_ack":{"value":{}}}'), "frame-malformed"],
    ["more than UDP carries", new Uint8Array(65_508), "frame-too-long"],
    ["deep nesting", datagram(pushData, "[".repeat(60_000)), "frame-malformed"],
  ];
  for (const [what, bytes, code] of cases) {
    test(`${what} is refused with ${code}`, () => {
      assert.throws(() => decodeDatagram(bytes), { name: "WarrenError", code });
    });
  }

  test("keeps the inner error as the cause", () => {
    assert.throws(
      () => decodeDatagram(datagram(pushData, "{")),
      (error) => error instanceof WarrenError && error.cause instanceof SyntaxError,
    );
  });
});

suite("a datagram that cannot be sent", () => {
  const header = { version: 2, token: 1 } as const;
  const cases: readonly (readonly [what: string, value: GwmpDatagram, code: string])[] = [
    ["a negative token", { type: "PUSH_ACK", version: 2, token: -1 }, "value-out-of-range"],
    ["a token of 17 bits", { type: "PULL_ACK", version: 2, token: 65_536 }, "value-out-of-range"],
    ["half a token", { type: "PULL_ACK", version: 2, token: 0.5 }, "value-out-of-range"],
    [
      "a gateway EUI that is none",
      { type: "PULL_DATA", ...header, gatewayEui: "aa" as typeof gatewayEui },
      "text-malformed",
    ],
    [
      "more than UDP carries",
      { type: "TX_ACK", ...header, gatewayEui, result: { error: "x".repeat(65_507) } },
      "frame-too-long",
    ],
  ];
  for (const [what, value, code] of cases) {
    test(`${what} is refused with ${code}`, () => {
      assert.throws(() => encodeDatagram(value), { name: "WarrenError", code });
    });
  }
});

suite("fuzzing", () => {
  test("any bytes decode or give a typed error", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decodesOrThrowsTyped), {
      numRuns: 2000,
    });
  });

  test("any JSON in any datagram decodes or gives a typed error", () => {
    const headers = fc.constantFrom(pushData, txAck, "02123403");
    fc.assert(
      fc.property(headers, fc.json(), (header, json) => {
        decodesOrThrowsTyped(datagram(header, json));
      }),
      { numRuns: 1000 },
    );
  });

  test("any value in any member decodes or gives a typed error", () => {
    const examples = [
      [pushData, rxpkExample],
      [pushData, statExample],
      ["02123403", loraTxpkExample],
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.nat(), fc.jsonValue(), (example, at, value) => {
        const [header, text] = example;
        const body = JSON.parse(text);
        const inner = body.rxpk?.[0] ?? body.stat ?? body.txpk;
        const names = Object.keys(inner);
        inner[names[at % names.length] as string] = value;
        const bytes = datagram(header, JSON.stringify(body));
        decodesOrThrowsTyped(bytes);
        if (body.rxpk !== undefined) {
          const decoded = decodeDatagram(bytes);
          assert.ok(decoded.type === "PUSH_DATA");
          assert.equal(decoded.rxpk.length + decoded.problems.length, 3);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("each truncation of an example gives a typed error or decodes", () => {
    for (const [header, text] of [
      [pushData, rxpkExample],
      ["02123403", loraTxpkExample],
      [txAck, '{"txpk_ack":{"error":"TOO_LATE"}}'],
    ] as const) {
      const bytes = datagram(header, text);
      for (let length = 0; length < bytes.length; length++) {
        decodesOrThrowsTyped(bytes.subarray(0, length));
      }
    }
  });

  test("a datagram full of bad frames is read in reasonable time", () => {
    const bytes = datagram(pushData, `{"rxpk":[${"1,".repeat(32_000)}1]}`);
    const decoded = decodeDatagram(bytes);
    assert.ok(decoded.type === "PUSH_DATA");
    assert.equal(decoded.problems.length, 32_001);
  });
});
