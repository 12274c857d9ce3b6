import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { decodeHeader } from "../../src/backend/header.ts";
import { decodeJoinReq } from "../../src/backend/join-messages.ts";
import { Members } from "../../src/backend/members.ts";
import { parseNetId } from "../../src/lorawan/identifiers.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { listen } from "../../src/server/http-app.ts";
import {
  headerOf,
  JoinServerRig,
  type Json,
  joinMembers,
  NET_ID,
  resultOf,
} from "../support/join-server-rig.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type AirRequest, TestDevice } from "../support/test-device.ts";
import { warrenError } from "../support/warren-error.ts";

const ROUNDS = 30;
const AT_ONCE = 3;

function listenForTest(rig: JoinServerRig): Promise<string> {
  after(() => rig.backend.close());
  return listen(rig.backend, { host: "127.0.0.1", port: 0 });
}

async function post(url: string, members: Json): Promise<Json> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...headerOf("JoinReq"), ...members }),
  });
  return (await response.json()) as Json;
}

/** Sends the same frame to the servers in turn, all at once, and returns the ResultCodes. */
async function race(
  urls: string[],
  device: TestDevice,
  request: AirRequest,
  atOnce = AT_ONCE,
): Promise<string[]> {
  const members = joinMembers(device, request, {});
  const answers = await Promise.all(
    Array.from({ length: atOnce }, (_, index) =>
      post(urls[index % urls.length] as string, members),
    ),
  );
  return answers.map(resultOf);
}

function assertOneSuccess(results: string[]): void {
  const successes = results.filter((result) => result === "Success");
  assert.equal(successes.length, 1, results.join());
  assert.ok(
    results.every((result) => result === "Success" || result === "JoinReqFailed"),
    results.join(),
  );
}

for (const macVersion of ["1.0.3", "1.1.0"] satisfies MacVersion[]) {
  describe(`the same Join-request of ${macVersion} many times at once`, () => {
    it("is accepted once by one Join Server", async () => {
      const rig = await JoinServerRig.start();
      const url = await listenForTest(rig);
      const device = new TestDevice(macVersion);
      await rig.register(device);
      for (let round = 0; round < ROUNDS; round++) {
        assertOneSuccess(await race([url], device, device.joinRequest()));
      }
      assertOneSuccess(await race([url], device, device.joinRequest(), 50));
      assert.equal((await rig.show(device))["joinNonce"], ROUNDS + 1);
    });

    it("is accepted once by two Join Servers on one database", async () => {
      const path = join(temporaryFolder(), "shared.db");
      const one = await JoinServerRig.start({ path });
      const two = new JoinServerRig({ path });
      const urls = [await listenForTest(one), await listenForTest(two)];
      const device = new TestDevice(macVersion);
      await one.register(device);
      for (let round = 0; round < ROUNDS; round++) {
        assertOneSuccess(await race(urls, device, device.joinRequest()));
      }
      assert.equal((await two.show(device))["joinNonce"], ROUNDS);
    });
  });
}

describe("the same JoinReq, interleaved step by step", () => {
  // Over sockets a whole request is worked off before the next; here all are loaded before one is saved.
  for (const macVersion of ["1.0.3", "1.0.4", "1.1.0"] satisfies MacVersion[]) {
    it(`of ${macVersion} is accepted once by two Join Servers on one database`, async () => {
      const path = join(temporaryFolder(), "shared.db");
      const servers = [await JoinServerRig.start({ path }), new JoinServerRig({ path })] as const;
      const device = new TestDevice(macVersion);
      await servers[0].register(device);
      for (let round = 1; round <= 10; round++) {
        const members = {
          ...headerOf("JoinReq"),
          ...joinMembers(device, device.joinRequest(), {}),
        };
        const decoded = new Members(members);
        const peer = await servers[0].store.loadNetworkServer(parseNetId(NET_ID));
        assert.ok(peer);
        const outcomes = await Promise.allSettled(
          Array.from({ length: 20 }, (_, index) =>
            servers[index % 2 === 0 ? 0 : 1].joinServer.joinReq(
              peer,
              decodeHeader(decoded),
              decodeJoinReq(decoded),
            ),
          ),
        );
        const refusals = outcomes.filter((outcome) => outcome.status === "rejected");
        assert.equal(refusals.length, 19);
        for (const { reason } of refusals) assert.ok(warrenError("dev-nonce-replayed")(reason));
        assert.equal((await servers[1].show(device))["joinNonce"], round);
      }
    });
  }
});

describe("different Join-requests of one device at once", () => {
  it("get different JoinNonces, and none is lost", async () => {
    const rig = await JoinServerRig.start();
    const url = await listenForTest(rig);
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    const requests = Array.from({ length: 5 }, () => device.joinRequest());
    const answers = await Promise.all(
      requests.map((request) => post(url, joinMembers(device, request, {}))),
    );
    assert.deepEqual(answers.map(resultOf), Array(5).fill("Success"));
    assert.equal((await rig.show(device))["joinNonce"], 5);
    assert.equal(new Set(answers.map((answer) => answer["SessionKeyID"])).size, 5);
  });
});
