import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { plainRoute } from "../../../src/join-server/peers.ts";
import { parseNetId } from "../../../src/lorawan/identifiers.ts";
import { until } from "../../network-server/support/until.ts";
import {
  AS_ID,
  headerOf,
  type Json,
  joinMembers,
  keyHex,
  NET_ID,
  openEnvelope,
  useJoinServer,
} from "../../support/join-server-rig.ts";
import { TestDevice } from "../../support/test-device.ts";

/**
 * The other end as ChirpStack plays it: its request takes any 2xx and no body, its listener takes the
 * JoinAns on any path and finds the request by TransactionID.
 */
class AsyncPeer {
  readonly server: Server;
  readonly received: {
    readonly path: string;
    readonly authorization: unknown;
    readonly body: Json;
  }[] = [];
  /** What is answered next; 200 when there is nothing left. */
  statuses: number[] = [];

  constructor() {
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.received.push({
        path: request.url ?? "",
        authorization: request.headers.authorization,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      response.writeHead(this.statuses.shift() ?? 200).end();
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async answerTo(transactionId: unknown): Promise<Json> {
    const found = () => this.received.find(({ body }) => body["TransactionID"] === transactionId);
    await until(() => found() !== undefined, "the answer");
    return found()?.body as Json;
  }
}

describe("a peer that takes answers as requests", () => {
  const rig = useJoinServer();
  const peer = new AsyncPeer();
  const device = new TestDevice("1.0.3");

  before(async () => {
    const route = { ...plainRoute(`${await peer.listen()}/any/path`), authorization: "Key abc" };
    const networkServer = await rig.store.loadNetworkServer(parseNetId(NET_ID));
    const applicationServer = await rig.store.loadApplicationServer(AS_ID);
    assert.ok(networkServer && applicationServer);
    await rig.store.saveNetworkServer({ ...networkServer, answers: "async", route });
    await rig.store.saveApplicationServer({ ...applicationServer, answers: "async", route });
    await rig.register(device);
  });
  beforeEach(() => {
    peer.received.length = 0;
    peer.statuses = [];
  });
  after(() => {
    peer.server.closeAllConnections();
    peer.server.close();
  });

  async function post(
    messageType: string,
    members: Json,
  ): Promise<{ status: number; sent: Json; body: string }> {
    const sent = { ...headerOf(messageType), ...members };
    const { statusCode, body } = await rig.backend.inject({
      method: "POST",
      url: "/",
      payload: sent,
    });
    return { status: statusCode, sent, body };
  }
  const join = (changes: Json = {}) =>
    post("JoinReq", { ...joinMembers(device, device.joinRequest(), {}), ...changes });

  it("gets 204 at once, and the JoinAns to its route with its TransactionID", async () => {
    const { status, sent, body } = await join({ SenderToken: "ab" });
    assert.deepEqual([status, body], [204, ""]);
    const answer = await peer.answerTo(sent["TransactionID"]);
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    assert.equal(answer["MessageType"], "JoinAns");
    assert.equal(
      answer["SenderID"],
      sent["ReceiverID"],
      "as an 8-byte JoinEUI, which ChirpStack looks up",
    );
    assert.equal(answer["ReceiverID"], NET_ID);
    assert.equal(answer["ReceiverToken"], "ab");
    assert.match(openEnvelope(answer["NwkSKey"], rig.nsKek), /^[0-9a-f]{32}$/);
    assert.notEqual(openEnvelope(answer["NwkSKey"], rig.nsKek), keyHex(device.currentKeys.nwkKey));
    const { path, authorization } = peer.received[0] ?? {};
    assert.deepEqual([path, authorization], ["/any/path", "Key abc"]);
  });

  it("gets refusals and AppSKeyAns the same way", async () => {
    const refused = await join({ DevEUI: "ffffffffffffffff" });
    assert.equal(refused.status, 204);
    const answer = await peer.answerTo(refused.sent["TransactionID"]);
    assert.equal((answer["Result"] as Json)["ResultCode"], "UnknownDevEUI");
    const asked = await post("AppSKeyReq", {
      SenderID: AS_ID,
      DevEUI: device.devEui,
      SessionKeyID: "00",
    });
    assert.equal(asked.status, 204);
    const unknown = await peer.answerTo(asked.sent["TransactionID"]);
    assert.equal((unknown["Result"] as Json)["ResultCode"], "UnknownDevEUI");
  });

  it("is told in the response when it cannot be known who it is", async () => {
    const { status, body } = await join({ SenderID: "00dead" });
    assert.equal(status, 200);
    assert.equal(JSON.parse(body).Result.ResultCode, "UnknownSender");
    await sleep(20);
    assert.equal(peer.received.length, 0);
  });

  it("gets an answer again that it could not take, and no other after it took one", async () => {
    peer.statuses = [503, 500];
    const { sent } = await join();
    await until(() => peer.received.length === 3, "the third try");
    const bodies = peer.received.map(({ body }) => body);
    assert.deepEqual(bodies[1], bodies[0]);
    assert.deepEqual(bodies[2], bodies[0]);
    assert.equal(bodies[0]?.["TransactionID"], sent["TransactionID"]);
    await sleep(1_000);
    assert.equal(peer.received.length, 3);
  });

  it("that does not answer is given up, and the log says so", async (test) => {
    test.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    peer.statuses = Array(50).fill(503);
    const { sent } = await join();
    await until(() => peer.received.length >= 1, "the first try");
    test.mock.timers.setTime(Date.now() + 5_001);
    const line = () => rig.log.lines.find((text) => text.includes("answer-not-delivered"));
    await sleep(700);
    assert.match(line() ?? "", new RegExp(`JoinAns.*${sent["TransactionID"]}.*HTTP 503`));
    assert.ok(peer.received.length < 5);
  });

  it("keeps the listener from closing until its answer is out", async () => {
    const { sent } = await join();
    await rig.backend.close();
    assert.ok(peer.received.some(({ body }) => body["TransactionID"] === sent["TransactionID"]));
  });
});
