import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeDataFrame } from "../../../src/lorawan/data/data-frame.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { DEV_EUI } from "../../application-server/support/fixtures.ts";
import { type Vector, vectorsOf } from "../../support/lorawan-vectors.ts";
import { AUTHORIZED, envelopeJson, testApp } from "./support/test-app.ts";

/** Published uplinks with an application port whose AppSKey and payload are known. */
function uplinkVectors(kind: "data-up-1.0" | "data-up-1.1"): Vector[] {
  return vectorsOf(kind).filter(({ inputs, outputs }) => {
    const { fPort } = decodeDataFrame(parseHex(String(inputs["phy"])));
    return inputs["app_s_key"] && outputs["frm_payload"] && fPort !== undefined && fPort > 0;
  });
}

for (const [kind, macVersion] of [
  ["data-up-1.0", "1.0.3"],
  ["data-up-1.1", "1.1.0"],
] as const) {
  describe(`published uplinks: ${kind}`, () => {
    for (const { name, inputs, outputs } of uplinkVectors(kind)) {
      test(name, async () => {
        const server = testApp();
        const frame = decodeDataFrame(parseHex(String(inputs["phy"])));
        const answer = await server.app.inject({
          method: "POST",
          url: "/network-server/uplinks",
          payload: {
            DevEUI: DEV_EUI,
            DevAddr: frame.devAddr,
            MACVersion: macVersion,
            SessionKeyID: "vector",
            AppSKey: envelopeJson(String(inputs["app_s_key"])),
            FPort: frame.fPort,
            FCntUp: inputs["fcnt32"],
            Confirmed: frame.isConfirmed,
            FRMPayload: formatHex(frame.frmPayload),
            ReceivedAt: "2026-01-01T00:00:00.000Z",
          },
        });
        assert.equal(answer.statusCode, 200);
        assert.equal(server.events().at(-1)?.["payload"], outputs["frm_payload"]);
      });
    }
  });
}

test("there are such vectors of both versions", () => {
  assert.ok(uplinkVectors("data-up-1.0").length >= 4);
  assert.ok(uplinkVectors("data-up-1.1").length >= 2);
});

describe("published payload encryption", () => {
  for (const { name, inputs, outputs } of vectorsOf("frm-payload-crypt")) {
    test(name, async () => {
      const server = testApp();
      const isUp = inputs["dir"] === "00";
      await server.app.inject({
        method: "POST",
        url: "/network-server/uplinks",
        payload: {
          DevEUI: DEV_EUI,
          DevAddr: inputs["dev_addr"],
          MACVersion: "1.0.2",
          SessionKeyID: "vector",
          AppSKey: envelopeJson(String(inputs["key"])),
          FPort: 1,
          FCntUp: inputs["fcnt32"],
          Confirmed: false,
          FRMPayload: outputs["encrypted"],
          ReceivedAt: "",
        },
      });
      if (isUp) {
        assert.equal(server.events().at(-1)?.["payload"], inputs["plain"]);
        return;
      }
      server.networkServer.nextFCntDown = Number(inputs["fcnt32"]);
      const answer = await server.app.inject({
        method: "POST",
        url: `/api/v1/devices/${DEV_EUI}/downlinks`,
        headers: AUTHORIZED,
        payload: { fPort: 1, payload: inputs["plain"] },
      });
      assert.equal(answer.statusCode, 202);
      const [taken] = server.networkServer.taken;
      assert.equal(taken && formatHex(taken.frmPayload), outputs["encrypted"]);
    });
  }
});
