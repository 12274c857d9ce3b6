import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { NET_ID, resultOf, useJoinServer } from "../../support/join-server-rig.ts";
import { joined, updateWhole } from "../root-key-updates/support.ts";

const DAY_MS = 86_400_000;

const rig = useJoinServer();
before(() =>
  rig.put(`network-servers/${NET_ID}`, {
    kek: "11".repeat(16),
    url: "http://127.0.0.1:9",
    relaysRootKeyUpdates: true,
  }),
);

describe("a server that asks for an update", () => {
  it("is held to the minimum period of all devices, and to that of the device profile before it", async () => {
    await rig.put("update-policy", { minimumPeriodMs: 30 * DAY_MS });
    await rig.put("device-profiles/quick", { updatePolicy: { minimumPeriodMs: 3_600_000 } });
    const slow = await joined(rig);
    const quick = await joined(rig, { deviceProfile: "quick" });
    for (const device of [slow, quick]) await updateWhole(rig, device);
    const ask = ({ devEui }: typeof slow) =>
      rig.ask("RootKeyUpdateReq", { DevEUI: devEui, Reason: "age" });

    rig.clock.time += 3_600_000 - 1;
    assert.equal(resultOf(await ask(quick)), "Deferred");
    rig.clock.time += 1;
    assert.equal(resultOf(await ask(quick)), "Success");
    rig.clock.time += 29 * DAY_MS;
    assert.equal(resultOf(await ask(slow)), "Deferred");
    rig.clock.time += DAY_MS;
    assert.equal(resultOf(await ask(slow)), "Success");
  });
});

describe("a minimum period that is as good as for ever", () => {
  it("leaves the device as it is when its update fails, and can be shown", async () => {
    const device = await joined(rig, { updatePolicy: { minimumPeriodMs: 3_000_000_000_000 } });
    await updateWhole(rig, device);
    await rig.call("POST", `devices/${device.devEui}/root-key-update`, {});
    assert.equal(
      (await rig.call("DELETE", `devices/${device.devEui}/root-key-update`)).status,
      200,
    );
    await rig.join(device);
    const { status } = await rig.call("GET", `devices/${device.devEui}/update-policy`);
    assert.equal(status, 200);
    for (const policy of [{ minimumPeriodMs: 2 ** 53 - 1 }, { maxAgeMs: 2 ** 53 - 1 }]) {
      assert.equal((await rig.call("PUT", "update-policy", policy)).status, 400);
    }
  });
});
