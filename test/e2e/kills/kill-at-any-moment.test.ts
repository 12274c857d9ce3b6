import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findKeyProblems, loadKeyView } from "../../../src/cli/run/key-view.ts";
import { ROLES } from "../../../src/cli/run/local-network.ts";
import { provisionDevice } from "../../../src/cli/run/provision.ts";
import type { SimulatorDevice } from "../../../src/cli/run/role-answers.ts";
import { waitUntil } from "../../../src/cli/run/wait-until.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { decodeJoinRequest } from "../../../src/lorawan/join/join-request.ts";
import { HttpRecorder } from "../support/http-recorder.ts";
import { createTestNetwork, type TestNetwork, testDevice } from "../support/test-network.ts";

// Kills processes as a power cut would, at random moments of root key updates that follow one another
// without a pause, on an air that loses a tenth of all frames.

const SECONDS = Number(process.env["WARREN_KILL_SECONDS"] ?? 20);
const VERSIONS = ["1.0.2", "1.0.3", "1.0.4", "1.1.0", "1.1.0"];

const toJoinServer = new HttpRecorder();
let testNetwork: TestNetwork | undefined;
after(async () => {
  await testNetwork?.remove();
  await toJoinServer.close();
});

test(`no device is lost when processes are killed for ${SECONDS} s of root key updates`, async (t) => {
  const created = createTestNetwork({
    via: { joinServer: await toJoinServer.listen() },
    speed: 20,
    loss: 0.1,
    roleArguments: {
      "network-server": [
        ...["--deduplication-ms", "10", "--root-key-update-after-seconds", "1"],
        ...["--root-key-update-retry-seconds", "2", "--rx-delay", "5"],
      ],
      "join-server": [
        ...["--update-expiry-seconds", "8", "--update-attempt-period-seconds", "0"],
        ...["--update-shortest-period-seconds", "0"],
      ],
    },
  });
  testNetwork = created;
  const { network } = created;
  await network.start(({ backend }) => toJoinServer.forwardTo(backend));
  const devices = VERSIONS.map((version, index) => testDevice(version, index + 1));
  for (const device of devices) await provisionDevice(network, device);

  let kills = 0;
  const killsInUpdate = new Map<string, number>();
  const end = Date.now() + SECONDS * 1000;
  while (Date.now() < end) {
    await sleep(randomInt(50, 1_500));
    const role = ROLES[randomInt(ROLES.length)] as (typeof ROLES)[number];
    const states = await updateStates(created, devices).catch(() => []);
    await network.handle(role).kill();
    kills++;
    for (const state of states) killsInUpdate.set(state, (killsInUpdate.get(state) ?? 0) + 1);
    await sleep(randomInt(0, 300));
    await network.handle(role).start();
  }
  t.diagnostic(`${kills} kills; devices were ${JSON.stringify(Object.fromEntries(killsInUpdate))}`);

  // Nothing is killed or lost any more: every device completes an update, however far the kills let it come.
  await network.api("simulator").request("PUT", "/air", {
    lossUp: 0,
    lossDown: 0,
    delayMs: 0,
    duplicate: 0,
  });
  for (const { macVersion, devEui } of devices) {
    await waitUntil(`${macVersion} ${devEui}: a root key update`, 120_000, async () => {
      const { generation } = await loadKeyView(network, devEui);
      return generation >= 1 ? generation : undefined;
    });
  }

  // And once no more updates are asked for, all agree.
  await network.handle("network-server").kill();
  await network.handle("network-server").start(["--root-key-update-after-seconds", "0"]);
  const generations: number[] = [];
  for (const { macVersion, devEui } of devices) {
    let problems: readonly string[] = [];
    const view = await waitUntil(
      `${macVersion} ${devEui}: all roles agree about its keys`,
      120_000,
      async () => {
        const now = await loadKeyView(network, devEui);
        problems = findKeyProblems(now);
        return problems.length === 0 ? now : undefined;
      },
    ).catch((cause: unknown) => {
      throw new Error(`${macVersion} ${devEui}: ${problems.join("; ")}`, { cause });
    });
    generations.push(view.generation);
  }
  t.diagnostic(`generations at the end: ${generations.join(", ")}`);
  assertNoNonceAcceptedTwice(toJoinServer);
  assert.deepEqual(created.unexpectedEnds, []);
});

function updateStates(
  { network }: TestNetwork,
  devices: readonly { readonly devEui: string }[],
): Promise<string[]> {
  return Promise.all(
    devices.map(async ({ devEui }) => {
      const { updateState } = await network
        .api("simulator")
        .get<SimulatorDevice>(`/devices/${devEui}`);
      return updateState;
    }),
  );
}

/** What the Join Server said yes to, by what it said on the wire. */
function assertNoNonceAcceptedTwice({ exchanges }: HttpRecorder): void {
  const accepted = new Set<string>();
  let joins = 0;
  for (const { requestBody, responseBody } of exchanges) {
    const request = JSON.parse(requestBody) as Record<string, string>;
    if (request["MessageType"] !== "JoinReq") continue;
    const answer = JSON.parse(responseBody) as { Result: { ResultCode: string } };
    if (answer.Result.ResultCode !== "Success") continue;
    const { devEui, joinEui, devNonce } = decodeJoinRequest(
      parseHex(request["PHYPayload"] as string),
    );
    const nonce = `${devEui} ${joinEui} ${devNonce}`;
    assert.ok(!accepted.has(nonce), `DevNonce accepted twice: ${nonce}`);
    accepted.add(nonce);
    joins++;
  }
  assert.ok(joins >= VERSIONS.length, `${joins} joins were accepted`);
}
