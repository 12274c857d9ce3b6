import assert from "node:assert/strict";
import { after, test } from "node:test";
import { findKeyProblems, loadKeyView } from "../../src/cli/run/key-view.ts";
import { type DemoDevice, provisionDevice } from "../../src/cli/run/provision.ts";
import type { SimulatorDevice } from "../../src/cli/run/role-answers.ts";
import { waitUntil } from "../../src/cli/run/wait-until.ts";
import { HttpRecorder } from "./support/http-recorder.ts";
import { createTestNetwork, testDevice } from "./support/test-network.ts";

const STEP_TIMEOUT_MS = 60_000;
const NUDGE_MS = 1_500;

const networkServerToJoinServer = new HttpRecorder();
const { network, unexpectedEnds, remove } = createTestNetwork({
  networkServerRelays: false,
  via: { joinServer: await networkServerToJoinServer.listen() },
});
after(async () => {
  await remove();
  await networkServerToJoinServer.close();
});

test("devices are updated through a Network Server that knows nothing of updates", async () => {
  await network.start(({ backend }) => networkServerToJoinServer.forwardTo(backend));
  const devices = [testDevice("1.0.3", 1), testDevice("1.1.0", 2)];
  await Promise.all(
    devices.map(async (device) => {
      await provisionDevice(network, device);
      await untilTalking(device);
      await update(device, { isHealing: false });
      await update(device, { isHealing: true });
      assert.deepEqual(findKeyProblems(await loadKeyView(network, device.devEui)), []);
    }),
  );
  const commands = networkServerToJoinServer.exchanges.filter(({ requestBody }) =>
    requestBody.includes("RootKey"),
  );
  assert.ok(commands.length >= 4, "both updates of both devices went over the wire");
  for (const { requestBody } of commands) {
    assert.equal((JSON.parse(requestBody) as { SenderID: string }).SenderID, "warren-as");
  }
  assert.deepEqual(unexpectedEnds, []);
});

/** Until the Application Server has an uplink of the device: before that it knows no session of it. */
async function untilTalking({ devEui }: DemoDevice): Promise<void> {
  await untilNudged(devEui, `${devEui} has joined and sent`, () =>
    network
      .api("application-server")
      .get<{ session: object | null }>(`/devices/${devEui}`)
      .then(({ session }) => session ?? undefined)
      .catch(() => undefined),
  );
}

/** An operator's order, until both ends are on the next generation. */
async function update(
  { devEui }: DemoDevice,
  { isHealing }: { readonly isHealing: boolean },
): Promise<void> {
  const path = `/devices/${devEui}`;
  const { generation } = await loadKeyView(network, devEui);
  const started = await network
    .api("join-server")
    .request<{ isDelivered: boolean }>("POST", `${path}/root-key-update`, { isHealing });
  assert.equal(started.isDelivered, true);
  await untilNudged(devEui, `${devEui} has generation ${generation + 1}`, async () => {
    const view = await loadKeyView(network, devEui);
    const isDone = view.generation === generation + 1 && view.endDevice.session !== null;
    return isDone && findKeyProblems(view).length === 0 ? view : undefined;
  });
  const { update: done } = await network
    .api("join-server")
    .get<{ update: { carrier: string; isHealing: boolean; status: string } }>(path);
  assert.deepEqual(
    { carrier: done.carrier, isHealing: done.isHealing, status: done.status },
    { carrier: "application-port", isHealing, status: "committed" },
  );
}

/** Makes the device talk, so that it can listen, until `probe` finds something. */
function untilNudged<T>(
  devEui: string,
  what: string,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  let nextNudgeAt = 0;
  return waitUntil(what, STEP_TIMEOUT_MS, async () => {
    const value = await probe();
    if (value !== undefined || Date.now() < nextNudgeAt) return value;
    nextNudgeAt = Date.now() + NUDGE_MS;
    const simulator = network.api("simulator");
    const { session } = await simulator.get<SimulatorDevice>(`/devices/${devEui}`);
    if (session !== null) {
      await simulator.request("POST", `/devices/${devEui}/uplinks`, { fPort: 10, payload: "00" });
    }
    return undefined;
  });
}
