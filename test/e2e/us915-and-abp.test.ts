import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { liveTheLife } from "../../src/cli/run/life-of-a-device.ts";
import { AS_ID, JOIN_EUI } from "../../src/cli/run/local-network.ts";
import { provisionDevice } from "../../src/cli/run/provision.ts";
import type { ApplicationServerDevice, SimulatorDevice } from "../../src/cli/run/role-answers.ts";
import { waitUntil } from "../../src/cli/run/wait-until.ts";
import { createTestNetwork, testDevice } from "./support/test-network.ts";

const { network, unexpectedEnds, remove } = createTestNetwork({ region: "US915" });
before(() => network.start());
after(remove);

test("a device of 1.1 lives its whole life in US915", async () => {
  const device = testDevice("1.1.0", 1);
  await provisionDevice(network, device);
  let steps = 0;
  await liveTheLife({ network, device, timeoutMs: 60_000, onStep: () => steps++ });
  assert.equal(steps, 6);
});

for (const [index, macVersion] of ["1.0.3", "1.1.0"].entries()) {
  test(`a device of ${macVersion} activated by personalisation exchanges data`, async () => {
    const path = `/devices/${testDevice(macVersion, 0x10 + index).devEui}`;
    const devAddr = `0200010${index}`;
    const networkKeys = networkKeysOf(macVersion);
    const appSKey = randomBytes(16).toString("hex");
    const common = { macVersion, joinEui: JOIN_EUI };
    await network.api("network-server").request("PUT", path, {
      ...common,
      asId: AS_ID,
      abp: { devAddr, ...networkKeys },
    });
    await network.api("application-server").request("PUT", path, {
      macVersion,
      abp: { devAddr, appSKey },
    });
    await network.api("simulator").request("PUT", path, {
      ...common,
      abp: { devAddr, ...networkKeys, appSKey },
      uplinkIntervalMs: 10_000,
    });

    const up = randomBytes(5).toString("hex");
    await network.api("simulator").request("POST", `${path}/uplinks`, { fPort: 7, payload: up });
    await waitUntil("the Application Server shows the payload", 30_000, async () => {
      const { uplinks } = await network
        .api("application-server")
        .get<ApplicationServerDevice>(path);
      return uplinks.find(({ fPort, payload }) => fPort === 7 && payload === up);
    });
    const down = randomBytes(5).toString("hex");
    await network
      .api("application-server")
      .request("POST", `${path}/downlinks`, { fPort: 8, payload: down });
    await waitUntil("the device has the downlink", 30_000, async () => {
      const { payloads } = await network.api("simulator").get<SimulatorDevice>(path);
      return payloads.find(({ fPort, payload }) => fPort === 8 && payload === down);
    });
  });
}

test("no process ended by itself", () => assert.deepEqual(unexpectedEnds, []));

function networkKeysOf(macVersion: string): Record<string, string> {
  const key = () => randomBytes(16).toString("hex");
  return macVersion === "1.1.0"
    ? { fNwkSIntKey: key(), sNwkSIntKey: key(), nwkSEncKey: key() }
    : { fNwkSIntKey: key() };
}
