import assert from "node:assert/strict";
import { after, test } from "node:test";
import { findKeyProblems, loadKeyView } from "../../src/cli/run/key-view.ts";
import { liveTheLife } from "../../src/cli/run/life-of-a-device.ts";
import { provisionDevice } from "../../src/cli/run/provision.ts";
import { createTestNetwork, testDevice } from "./support/test-network.ts";

const { network, unexpectedEnds, remove } = createTestNetwork({ loss: 0.2 });
after(remove);

test("devices of 1.0.4 and 1.1 live their whole life with a fifth of all frames lost", async () => {
  await network.start();
  const devices = [testDevice("1.0.4", 1), testDevice("1.1.0", 2)];
  const steps: string[] = [];
  await Promise.all(
    devices.map(async (device) => {
      await provisionDevice(network, device);
      await liveTheLife({
        network,
        device,
        timeoutMs: 120_000,
        onStep: ({ title }) => steps.push(`${device.macVersion} ${title}`),
      });
    }),
  );
  assert.equal(steps.length, 2 * 6);
  for (const device of devices) {
    const view = await loadKeyView(network, device.devEui);
    assert.ok(view.generation >= 1, `${device.macVersion} is on generation ${view.generation}`);
    assert.deepEqual(findKeyProblems(view), []);
  }
  assert.deepEqual(unexpectedEnds, []);
});
