import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createHttpApp, type HttpApp } from "../../../../../src/server/http-app.ts";
import type { DropReason } from "../../../../../src/server/join-server/backend/admission/admission.ts";
import {
  type AdmissionState,
  admitRequests,
} from "../../../../../src/server/join-server/backend/admission/admit-requests.ts";
import { captureLog } from "../../../../support/log-capture.ts";

const LENGTH = 100;
/** On a slow machine too, nobody has waited for that long. */
const LONG_MS = 60_000;
const SHORT_MS = 500;

describe("requests of a server with an admission", () => {
  const drops: DropReason[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
  let app: HttpApp;
  let state: AdmissionState;
  let waitMs = LONG_MS;
  /** The answers under way, each to be let go. */
  let held: (() => void)[] = [];
  let isHolding = false;

  beforeEach(async () => {
    app = createHttpApp(captureLog().logger);
    app.post("*", async (incoming) => {
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return { echo: incoming.body };
    });
    state = admitRequests(app.server, {
      waitMs,
      length: LENGTH,
      observe: (reason) => drops.push(reason),
    });
    await app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(() => {
    letGo();
    return app.close();
  });
  after(() => agent.destroy());

  const port = () => (app.server.address() as AddressInfo).port;

  function send(method: string, path: string, body = ""): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": body.length };
      const outgoing = request({ agent, port: port(), method, path, headers }, (incoming) => {
        incoming.resume();
        resolve(incoming);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  const ask = () => send("POST", "/", "{}");

  /** So many that no more are let in. */
  async function fill(): Promise<Promise<IncomingMessage>[]> {
    isHolding = true;
    const asked = Array.from({ length: 64 }, ask);
    while (state.underWay < 64) await sleep(5);
    return asked;
  }

  function letGo(): void {
    isHolding = false;
    for (const resolve of held) resolve();
    held = [];
  }

  async function openSocket(): Promise<Socket> {
    const socket = connect(port(), "127.0.0.1");
    await once(socket, "connect");
    return socket;
  }

  it("are answered as without it while there are few", async () => {
    const answers = await Promise.all(Array.from({ length: LENGTH }, ask));
    assert.ok(answers.every(({ statusCode }) => statusCode === 200));
    assert.deepEqual(drops, []);
    assert.deepEqual([state.waiting, state.underWay], [0, 0]);
  });

  it("wait while many are under way, and a GET does not", async () => {
    const asked = await fill();
    const more = Array.from({ length: 10 }, ask);
    while (state.waiting < 10) await sleep(5);
    assert.equal((await send("GET", "/livez")).statusCode, 200);
    assert.equal(state.underWay, 64);
    letGo();
    for (const answer of [...asked, ...more]) assert.equal((await answer).statusCode, 200);
    assert.deepEqual(drops, []);
  });

  it("leave when there is no room, the oldest first", async () => {
    const asked = await fill();
    const first = ask();
    while (state.waiting < 1) await sleep(5);
    const more = Array.from({ length: LENGTH }, ask);
    assert.equal((await first).statusCode, 503);
    assert.deepEqual(drops.splice(0), ["full"]);
    letGo();
    for (const answer of [...asked, ...more]) assert.equal((await answer).statusCode, 200);
  });

  it("are passed over when whoever asked has gone", async () => {
    const asked = await fill();
    const socket = await openSocket();
    socket.write("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
    while (state.waiting < 1) await sleep(5);
    socket.destroy();
    await sleep(50);
    letGo();
    await Promise.all(asked);
    while (state.waiting > 0) await sleep(5);
    assert.deepEqual(drops.splice(0), ["gone"]);
    assert.equal(state.underWay, 0);
  });

  it("take nobody's place while their body does not come", async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, openSocket));
    for (const socket of sockets) {
      socket.write("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{");
    }
    await sleep(50);
    assert.equal((await ask()).statusCode, 200);
    for (const socket of sockets) socket.destroy();
    await sleep(50);
    assert.deepEqual([state.waiting, state.underWay], [0, 0]);
  });

  describe("that may wait for a short time only", () => {
    before(() => {
      waitMs = SHORT_MS;
    });

    it("are answered 503 on the same connection once they have waited too long", async () => {
      isHolding = true;
      const asked: Promise<IncomingMessage>[] = [];
      while (state.underWay < 64) {
        asked.push(...Array.from({ length: 8 }, ask));
        // When the machine stands still for a while, some of them are late as well.
        while (state.underWay + drops.length < asked.length) await sleep(1);
      }
      drops.length = 0;
      const start = performance.now();
      const answer = await ask();
      assert.ok(performance.now() - start >= SHORT_MS - 1);
      assert.equal(answer.statusCode, 503);
      assert.equal(answer.headers["retry-after"], "1");
      assert.equal(answer.headers.connection, "keep-alive");
      assert.deepEqual(drops.splice(0), ["late"]);
      letGo();
      for (const answer of asked) {
        const { statusCode } = await answer;
        assert.ok(statusCode === 200 || statusCode === 503, `${statusCode}`);
      }
    });
  });
});
