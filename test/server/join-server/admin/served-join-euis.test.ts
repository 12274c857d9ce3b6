import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type Json, registrationOf, useJoinServer } from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { importText, lineOf } from "../import/support.ts";

const rig = useJoinServer();
const SERVED = "70b3d57ed0000000";
const OUTSIDE = "fedcba9876543210";

function warningsOf(answer: Json): string {
  return JSON.stringify(answer["warnings"] ?? []);
}

function firstOutcome(body: Json): Json {
  return (body["outcomes"] as Json[])[0] ?? {};
}

describe("a device with a JoinEUI that is not served", () => {
  before(() => rig.put(`join-eui-ranges/${SERVED}/40`, {}));

  it("is created with a warning, one that is served without", async () => {
    for (const [joinEui, expected] of [
      [OUTSIDE, /JoinEUI is not served here/],
      ["70b3d57ed0abcdef", /^\[\]$/],
    ] as const) {
      const device = new TestDevice("1.1.0");
      const body = { ...registrationOf(device), joinEui };
      const { status, body: view } = await rig.call("PUT", `devices/${device.devEui}`, body);
      assert.equal(status, 201);
      assert.match(warningsOf(view), expected);
    }
  });

  it("is created by a batch with a warning, and so says a dry run", async () => {
    const device = new TestDevice("1.1.0");
    const devices = [{ devEui: device.devEui, ...registrationOf(device), joinEui: OUTSIDE }];
    for (const isDryRun of [true, false, false]) {
      const { body } = await rig.call("POST", "devices/batch", { devices, isDryRun });
      assert.match(warningsOf(firstOutcome(body)), /JoinEUI is not served here/);
    }
  });

  it("is imported with a warning", async () => {
    const text = lineOf(new TestDevice("1.1.0"), { joinEui: OUTSIDE });
    const { records } = await importText(rig, text, "format=warren&only=problems");
    assert.match(records[0]?.warnings?.join() ?? "", /JoinEUI is not served here/);
  });

  it("needs no warning when its AppEUI may be foreign", async () => {
    const device = new TestDevice("1.0.3");
    const body = { ...registrationOf(device), joinEui: OUTSIDE, allowsForeignJoinEui: true };
    const { status, body: view } = await rig.call("PUT", `devices/${device.devEui}`, body);
    assert.equal(status, 201);
    assert.equal(warningsOf(view), "[]");
  });
});
