import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import {
  applicationServer,
  DEV_EUI,
  decryptOnDevice,
  key,
  OTHER_APP_S_KEY_HEX,
  session,
  startSession,
} from "./support/fixtures.ts";

const request = { fPort: 10, payload: Uint8Array.of(1, 2, 3), isConfirmed: false };

describe("in LoRaWAN 1.1", () => {
  test("downlinks are encrypted under AFCntDown, which counts from 0", async () => {
    const server = applicationServer();
    startSession(server);
    const downlink = await server.sender.send(DEV_EUI, request);
    await server.sender.send(DEV_EUI, request);
    assert.equal(downlink.state, "queued");
    assert.deepEqual(
      server.networkServer.taken.map(({ fCntDown }) => fCntDown),
      [0, 1],
    );
    for (const taken of server.networkServer.taken) {
      assert.deepEqual(decryptOnDevice(taken), request.payload);
    }
    assert.deepEqual(server.networkServer.reservations, []);
  });

  test("the counter is stored before the downlink leaves", async () => {
    const server = applicationServer();
    startSession(server);
    server.networkServer.onDownlink = ({ fCntDown, downlinkId }) => {
      assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, fCntDown + 1);
      assert.equal(server.store.downlink(downlinkId)?.fCntDown, fCntDown);
    };
    await server.sender.send(DEV_EUI, request);
  });

  test("downlinks asked for together leave in order", async () => {
    const server = applicationServer();
    startSession(server);
    let delayMs = 20;
    server.networkServer.onDownlink = () =>
      new Promise((resolve) => {
        setTimeout(resolve, delayMs);
        delayMs = 0;
      });
    await Promise.all([1, 2, 3].map((fPort) => server.sender.send(DEV_EUI, { ...request, fPort })));
    assert.deepEqual(
      server.networkServer.taken.map(({ fPort, fCntDown }) => [fPort, fCntDown]),
      [
        [1, 0],
        [2, 1],
        [3, 2],
      ],
    );
  });
});

describe("in LoRaWAN 1.0.x", () => {
  test("the counter is reserved first", async () => {
    const server = applicationServer();
    startSession(server, { macVersion: "1.0.3" });
    server.networkServer.nextFCntDown = 17;
    await server.sender.send(DEV_EUI, request);
    const [taken] = server.networkServer.taken;
    assert.deepEqual(server.networkServer.reservations, ["session-1"]);
    assert.equal(taken?.fCntDown, 17);
    assert.deepEqual(taken && decryptOnDevice(taken), request.payload);
  });

  test("a counter reserved twice is not used twice", async () => {
    const server = applicationServer();
    startSession(server, { macVersion: "1.0.3" });
    await server.sender.send(DEV_EUI, request);
    server.networkServer.nextFCntDown = 0;
    await assert.rejects(server.sender.send(DEV_EUI, request), { code: "peer-answer-malformed" });
    assert.equal(server.networkServer.taken.length, 1);
  });
});

describe("what the Network Server refuses", () => {
  test("for its counter is encrypted again under the next", async () => {
    for (const macVersion of ["1.1.0", "1.0.4"] as const) {
      const server = applicationServer();
      startSession(server, { macVersion });
      let isFirst = true;
      server.networkServer.onDownlink = () => {
        if (isFirst) {
          isFirst = false;
          throw new WarrenError("downlink-refused", "not the next");
        }
      };
      const downlink = await server.sender.send(DEV_EUI, request);
      assert.equal(downlink.fCntDown, 1);
      const [taken] = server.networkServer.taken;
      assert.deepEqual(taken && decryptOnDevice(taken), request.payload);
    }
  });

  test("for its session is encrypted again under the session that began meanwhile", async () => {
    const server = applicationServer();
    startSession(server, { nextFCntDown: 30 });
    server.networkServer.onDownlink = ({ sessionKeyId }) => {
      if (sessionKeyId === "session-2") return;
      const next = session({ sessionKeyId: "session-2", appSKey: key(OTHER_APP_S_KEY_HEX) });
      server.store.transaction(() => server.store.startSession(next));
      throw new WarrenError("session-unknown", "newer session");
    };
    const downlink = await server.sender.send(DEV_EUI, request);
    assert.equal(downlink.sessionKeyId, "session-2");
    const [taken] = server.networkServer.taken;
    assert.equal(taken?.fCntDown, 0);
    assert.deepEqual(taken && decryptOnDevice(taken, OTHER_APP_S_KEY_HEX), request.payload);
  });

  test("for a session this server has no newer one than fails and says what to do", async () => {
    const server = applicationServer();
    startSession(server);
    let attempts = 0;
    server.networkServer.onDownlink = () => {
      attempts++;
      throw new WarrenError("session-unknown", "newer session");
    };
    await assert.rejects(server.sender.send(DEV_EUI, request), {
      code: "session-unknown",
      message: /next uplink: send the downlink again/,
    });
    assert.equal(attempts, 1);
    assert.equal(server.store.downlinks(DEV_EUI)[0]?.state, "failed");
    assert.equal(server.store.downlinks(DEV_EUI)[0]?.reason, "session-unknown");
  });

  test("twice fails, and no counter is used again", async () => {
    const server = applicationServer();
    startSession(server);
    const counters: number[] = [];
    server.networkServer.onDownlink = ({ fCntDown }) => {
      counters.push(fCntDown);
      throw new WarrenError("downlink-refused", "not the next");
    };
    await assert.rejects(server.sender.send(DEV_EUI, request), { code: "downlink-refused" });
    assert.deepEqual(counters, [0, 1]);
    assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, 2);
    assert.deepEqual(
      server.events().map((event) => [event["type"], event["state"]]),
      [
        ["downlink", "queued"],
        ["downlink", "failed"],
      ],
    );
  });

  test("a session replaced while 1.0.x reserves is not encrypted in", async () => {
    const server = applicationServer();
    startSession(server, { macVersion: "1.0.3" });
    server.networkServer.onReserve = () => {
      if (server.networkServer.reservations.length > 1) return;
      const next = session({ sessionKeyId: "session-2", macVersion: "1.0.3" });
      server.store.transaction(() => server.store.startSession(next));
    };
    await server.sender.send(DEV_EUI, request);
    assert.deepEqual(
      server.networkServer.taken.map(({ sessionKeyId }) => sessionKeyId),
      ["session-2"],
    );
  });
});

test("no answer fails the downlink, unless the Network Server tells of it after all", async () => {
  const server = applicationServer();
  startSession(server);
  server.networkServer.onDownlink = () => {
    throw new WarrenError("peer-unreachable", "no answer");
  };
  await assert.rejects(server.sender.send(DEV_EUI, request), { code: "peer-unreachable" });
  const [failed] = server.store.downlinks(DEV_EUI);
  assert.equal(failed?.state, "failed");
  const downlinkId = failed?.downlinkId ?? "";
  server.log.takeEvent({ devEui: DEV_EUI, downlinkId, event: "sent" });
  assert.equal(server.store.downlink(downlinkId)?.state, "sent");
});

test("news that overtakes the answer is not undone by it", async () => {
  const server = applicationServer();
  startSession(server);
  server.networkServer.onDownlink = ({ downlinkId }) => {
    server.log.takeEvent({ devEui: DEV_EUI, downlinkId, event: "sent" });
    throw new WarrenError("peer-unreachable", "the answer got lost");
  };
  await assert.rejects(server.sender.send(DEV_EUI, request));
  assert.equal(server.store.downlinks(DEV_EUI)[0]?.state, "sent");
});

test("a device without a session is told how to get one", async () => {
  const server = applicationServer();
  await assert.rejects(server.sender.send(DEV_EUI, request), {
    code: "session-unknown",
    message: /first uplink after the join.*PUT/,
  });
  assert.deepEqual(server.store.downlinks(DEV_EUI), []);
});

test("a used up counter is refused before anything is sent", async () => {
  const server = applicationServer();
  startSession(server, { nextFCntDown: 2 ** 32 });
  await assert.rejects(server.sender.send(DEV_EUI, request), { code: "downlink-refused" });
  assert.deepEqual(server.networkServer.taken, []);
});

test("events of unknown downlinks and of other devices change nothing", async () => {
  const server = applicationServer();
  startSession(server);
  const { downlinkId } = await server.sender.send(DEV_EUI, request);
  const before = server.events().length;
  server.log.takeEvent({ devEui: DEV_EUI, downlinkId: "nope", event: "sent" });
  server.log.takeEvent({ devEui: "ffffffffffffffff" as never, downlinkId, event: "sent" });
  assert.equal(server.events().length, before);
  assert.equal(server.store.downlink(downlinkId)?.state, "queued");
});

test("a restart fails what was under way, and only that", async () => {
  const server = applicationServer();
  startSession(server);
  const never = Promise.withResolvers<void>();
  await server.sender.send(DEV_EUI, request);
  server.networkServer.onDownlink = () => never.promise;
  const pending = server.sender.send(DEV_EUI, request);
  await new Promise(setImmediate);
  server.log.failInterrupted();
  assert.deepEqual(
    server.store.downlinks(DEV_EUI).map(({ state }) => state),
    ["failed", "queued"],
  );
  never.resolve();
  await pending;
});
