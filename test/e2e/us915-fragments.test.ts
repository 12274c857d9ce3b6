import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { findKeyProblems, loadKeyView } from "../../src/cli/run/key-view.ts";
import { AS_ID, NET_ID } from "../../src/cli/run/local-network.ts";
import { type DemoDevice, provisionDevice } from "../../src/cli/run/provision.ts";
import type { SimulatorDevice } from "../../src/cli/run/role-answers.ts";
import { waitUntil } from "../../src/cli/run/wait-until.ts";
import { HttpRecorder } from "./support/http-recorder.ts";
import { createTestNetwork, testDevice } from "./support/test-network.ts";

// At DR0 of US915 a frame has 11 octets: a healing proof comes up in five fragments. Downlinks have more,
// but beside application data a MAC command has FOpts alone.

const STEP_TIMEOUT_MS = 30_000;
const UPLINK_INTERVAL_MS = 5_000;

const serversToJoinServer = new HttpRecorder();
const { network, unexpectedEnds, remove } = createTestNetwork({
  region: "US915",
  via: { joinServer: await serversToJoinServer.listen() },
});
const byMac = { ...testDevice("1.1.0", 1), uplinkIntervalMs: UPLINK_INTERVAL_MS };
const byPort = { ...testDevice("1.0.3", 2), uplinkIntervalMs: UPLINK_INTERVAL_MS };

before(async () => {
  await network.start(({ backend }) => serversToJoinServer.forwardTo(backend));
  const carrierOf = new Map([
    [byMac, "mac-commands"],
    [byPort, "application-port"],
  ]);
  await Promise.all(
    [...carrierOf].map(async ([device, carrier]) => {
      await provisionDevice(network, device);
      const path = `/devices/${device.devEui}`;
      await network.api("join-server").request("PATCH", path, { carrier });
      await waitUntil("the Application Server knows the session", STEP_TIMEOUT_MS, () =>
        network
          .api("application-server")
          .get<{ session: object | null }>(path)
          .then(({ session }) => session ?? undefined)
          .catch(() => undefined),
      );
    }),
  );
  await slowDown();
});

after(async () => {
  await remove();
  await serversToJoinServer.close();
});

describe("healing keys at the slowest data rate", { concurrency: true }, () => {
  for (const [device, senderId] of [
    [byMac, NET_ID],
    [byPort, AS_ID],
  ] as const) {
    test(`carried by ${senderId}`, async () => {
      const path = `/devices/${device.devEui}`;
      if (device === byMac) await keepFramesFull(device);
      const started = await network
        .api("join-server")
        .request<{ isDelivered: boolean }>("POST", `${path}/root-key-update`, { isHealing: true });
      assert.equal(started.isDelivered, true);
      await waitUntil("new keys on both ends", STEP_TIMEOUT_MS, async () => {
        const view = await loadKeyView(network, device.devEui);
        const isDone = view.generation === 1 && view.endDevice.session !== null;
        return isDone && findKeyProblems(view).length === 0 ? view : undefined;
      });
      const commands = commandsOf(device, senderId);
      assert.deepEqual(
        commands.slice(0, 5).map((command) => command.slice(0, 4)),
        ["8220", "8221", "8222", "8223", "8224"],
      );
      assert.ok(commands.every((command) => command.length === 2 * 11));
      const { events } = await network
        .api("simulator")
        .get<{ events: readonly { event: string }[] }>(path);
      const received = events.filter(({ event }) => event === "root-key-fragment-received");
      // The last one completes the request and counts as that.
      assert.equal(received.length, device === byMac ? 4 : 0);
    });
  }
});

test("no process ended by itself", () => assert.deepEqual(unexpectedEnds, []));

/** Puts the sessions of all devices to DR0, as a network that hears them badly would. */
async function slowDown(): Promise<void> {
  const simulator = network.handle("simulator");
  await simulator.stop();
  const database = new DatabaseSync(join(network.folderOf("simulator"), "simulator.sqlite"));
  const { changes } = database
    .prepare("UPDATE device SET state = json_set(state, '$.session.radio.dataRate', 0)")
    .run();
  database.close();
  assert.equal(changes, 2);
  await simulator.start();
  const { session } = await network
    .api("simulator")
    .get<SimulatorDevice & { session: { radio: { dataRate: number } } }>(
      `/devices/${byMac.devEui}`,
    );
  assert.equal(session.radio.dataRate, 0);
}

/** Application data for the next downlinks. */
async function keepFramesFull({ devEui }: DemoDevice): Promise<void> {
  for (let count = 0; count < 6; count++) {
    await network
      .api("application-server")
      .request("POST", `/devices/${devEui}/downlinks`, { fPort: 8, payload: "01" });
  }
}

/** What came up of the device's and was relayed, in hex, in the order of the first time. */
function commandsOf({ devEui }: DemoDevice, senderId: string): string[] {
  const commands = serversToJoinServer.exchanges
    .map(({ requestBody }) => JSON.parse(requestBody) as Record<string, string>)
    .filter(
      (message) =>
        message["MessageType"] === "RootKeyCommandReq" &&
        message["DevEUI"] === devEui &&
        message["SenderID"] === senderId,
    )
    .map((message) => message["MACCommand"] ?? "");
  return [...new Set(commands)];
}
