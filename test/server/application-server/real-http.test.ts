import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { pino } from "pino";
import {
  type ApplicationServerSettings,
  startApplicationServer,
} from "../../../src/cli/application-server.ts";
import type { RunningRole } from "../../../src/cli/role-process.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import {
  APP_S_KEY_HEX,
  DEV_EUI,
  decryptOnDevice,
  JOIN_EUI,
} from "../../application-server/support/fixtures.ts";
import { EventReader } from "./support/event-reader.ts";
import { fakeJoinServer, fakeNetworkServer } from "./support/peers.ts";
import { envelopeJson, uplinkBody } from "./support/test-app.ts";

const KEK_HEX = "000102030405060708090a0b0c0d0e0f";
const folder = mkdtempSync(join(tmpdir(), "warren-as-"));
const kekFile = join(folder, "kek");
const networkServer = fakeNetworkServer();
const joinServer = fakeJoinServer(envelopeJson());
const running: RunningRole[] = [];
let folders = 0;

before(async () => {
  writeFileSync(kekFile, `${KEK_HEX}\n`);
  chmodSync(kekFile, 0o600);
  await networkServer.start();
  await joinServer.start();
});

afterEach(async () => {
  for (const role of running.splice(0)) await role.close();
  networkServer.received.length = 0;
  joinServer.received.length = 0;
});

after(async () => {
  await networkServer.stop();
  await joinServer.stop();
  rmSync(folder, { recursive: true });
});

function settingsFor(data: string): ApplicationServerSettings {
  return {
    data,
    host: "127.0.0.1",
    httpPort: 0,
    rootKeyPort: 199,
    rootKeyUpdateAfterFrames: 0,
    asId: "as-under-test",
    networkServer: networkServer.url,
    joinServer: joinServer.url,
    joinServerId: JOIN_EUI,
    kekFile,
    kekLabel: "as:example",
  };
}

async function start(data: string = join(folder, `data-${++folders}`)) {
  const role = await startApplicationServer(settingsFor(data), pino({ level: "silent" }));
  running.push(role);
  const url = role.addresses["http"] ?? "";
  const token = readFileSync(join(data, "admin-token"), "utf8").trim();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    data,
    url,
    role,
    send,
    uplink: (change?: Record<string, unknown>) =>
      send("POST", "/network-server/uplinks", uplinkBody(change)),
    downlink: (body: unknown) => send("POST", `/api/v1/devices/${DEV_EUI}/downlinks`, body),
    events: (lastEventId: string) =>
      EventReader.open(`${url}/api/v1/events`, { ...headers, "last-event-id": lastEventId }),
    stop: async () => {
      running.splice(running.indexOf(role), 1);
      await role.close();
    },
  };
}

/** What the fake Network Server got, as the device would read it. */
function downlinksSent() {
  return networkServer.received
    .filter(({ path }) => path === "/application-server/downlinks")
    .map(({ body }) => ({
      fCntDown: body["FCntDown"],
      sessionKeyId: body["SessionKeyID"],
      downlinkId: body["DownlinkID"],
      payload: Buffer.from(
        decryptOnDevice({
          fCntDown: body["FCntDown"] as number,
          frmPayload: parseHex(body["FRMPayload"] as string),
        } as never),
      ).toString("hex"),
    }));
}

describe("the AppSKey", () => {
  test("comes in the envelope of the uplink", async () => {
    const server = await start();
    const answer = await server.uplink();
    assert.deepEqual(answer, { status: 200, body: { outcome: "decrypted" } });
    assert.equal(joinServer.received.length, 0);
  });

  test("is asked for with an AppSKeyReq, once", async () => {
    const server = await start();
    await server.uplink({ AppSKey: undefined });
    await server.uplink({ AppSKey: undefined, FCntUp: 1 });
    assert.equal(joinServer.received.length, 1);
    const { TransactionID, ...request } = joinServer.received[0]?.body ?? {};
    assert.ok(Number.isInteger(TransactionID));
    assert.deepEqual(request, {
      ProtocolVersion: "1.0",
      SenderID: "as-under-test",
      ReceiverID: JOIN_EUI,
      MessageType: "AppSKeyReq",
      DevEUI: DEV_EUI,
      SessionKeyID: "session-1",
    });
  });

  test("waits for a Join Server that is down", async () => {
    const server = await start();
    await joinServer.stop();
    const away = await server.uplink({ AppSKey: undefined });
    assert.equal(away.status, 503);
    assert.equal((await server.send("GET", `/api/v1/devices/${DEV_EUI}`)).status, 404);
    await joinServer.start();
    const repeated = await server.uplink({ AppSKey: undefined });
    assert.deepEqual(repeated, { status: 200, body: { outcome: "decrypted" } });
  });

  test("is not taken from an answer for another session", async () => {
    const server = await start();
    const { handle } = joinServer;
    joinServer.handle = (request, path) => handle({ ...request, SessionKeyID: "other" }, path);
    assert.equal((await server.uplink({ AppSKey: undefined })).status, 503);
    joinServer.handle = handle;
  });

  test("can't be had of a Join Server that does not know the session", async () => {
    const server = await start();
    const { handle } = joinServer;
    joinServer.handle = (request, path) => {
      const { body } = handle(request, path);
      return {
        status: 200,
        body: { ...(body as object), Result: { ResultCode: "UnknownDevEUI" }, AppSKey: undefined },
      };
    };
    const answer = await server.uplink({ AppSKey: undefined });
    joinServer.handle = handle;
    assert.deepEqual(answer, { status: 200, body: { outcome: "undecryptable" } });
    const reader = await server.events("0");
    const [event] = await reader.take(1);
    assert.equal(event?.event, "undecryptable");
    assert.equal(event?.data["undecryptable"], "session-unknown");
    reader.close();
  });
});

describe("downlinks", () => {
  test("of 1.1 count AFCntDown here", async () => {
    const server = await start();
    await server.uplink();
    assert.equal((await server.downlink({ fPort: 1, payload: "aa" })).status, 202);
    assert.equal((await server.downlink({ fPort: 1, payload: "bb" })).status, 202);
    assert.deepEqual(
      downlinksSent().map(({ fCntDown, payload }) => [fCntDown, payload]),
      [
        [0, "aa"],
        [1, "bb"],
      ],
    );
  });

  test("of 1.0.x reserve FCntDown at the Network Server first", async () => {
    const server = await start();
    await server.uplink({ MACVersion: "1.0.3" });
    const answer = await server.downlink({ fPort: 1, payload: "aa", confirmed: true });
    assert.equal(answer.status, 202);
    assert.deepEqual(
      networkServer.received.map(({ path }) => path),
      ["/application-server/downlink-counters", "/application-server/downlinks"],
    );
    const [reservation, downlink] = networkServer.received;
    assert.deepEqual(reservation?.body, { DevEUI: DEV_EUI, SessionKeyID: "session-1" });
    const { FRMPayload: _frmPayload, ...members } = downlink?.body ?? {};
    assert.deepEqual(members, {
      DevEUI: DEV_EUI,
      SessionKeyID: "session-1",
      DownlinkID: answer.body["downlinkId"],
      FPort: 1,
      FCntDown: 0,
      Confirmed: true,
    });
    assert.equal(downlinksSent()[0]?.payload, "aa");
  });

  test("that are refused for their counter are encrypted again, once", async () => {
    const server = await start();
    await server.uplink();
    const { handle } = networkServer;
    let refusals = 1;
    networkServer.handle = (body, path) =>
      refusals-- > 0
        ? { status: 409, body: { title: "downlink-refused", status: 409 } }
        : handle(body, path);
    const answer = await server.downlink({ fPort: 1, payload: "aa" });
    assert.equal(answer.status, 202);
    assert.deepEqual(
      downlinksSent().map(({ fCntDown, payload }) => [fCntDown, payload]),
      [
        [0, "aa"],
        [1, "aa"],
      ],
    );
    refusals = 2;
    const refused = await server.downlink({ fPort: 1, payload: "bb" });
    networkServer.handle = handle;
    assert.equal(refused.status, 409);
    assert.equal(refused.body["title"], "downlink-refused");
  });

  test("fail clearly when the Network Server has a newer session, or is no Network Server", async () => {
    const server = await start();
    await server.uplink();
    const { handle } = networkServer;
    networkServer.handle = () => ({
      status: 409,
      body: { title: "session-unknown", detail: "the device joined again" },
    });
    const newer = await server.downlink({ fPort: 1, payload: "aa" });
    assert.equal(newer.status, 409);
    assert.equal(newer.body["title"], "session-unknown");
    networkServer.handle = () => ({ status: 500, body: "what" });
    const broken = await server.downlink({ fPort: 1, payload: "aa" });
    assert.equal(broken.status, 502);
    assert.equal(broken.body["title"], "peer-refused");
    networkServer.handle = () => ({ status: 200, body: { FCntDown: "0" } });
    await server.uplink({ MACVersion: "1.0.3", SessionKeyID: "session-2" });
    const counter = await server.downlink({ fPort: 1, payload: "aa" });
    assert.equal(counter.body["title"], "peer-answer-malformed");
    networkServer.handle = handle;
    await networkServer.stop();
    assert.equal((await server.downlink({ fPort: 1, payload: "aa" })).status, 502);
    await networkServer.start();
  });
});

test("a restart forgets nothing: session, counters, uplinks seen, events", async () => {
  const first = await start();
  await first.uplink({ AppSKey: undefined });
  await first.downlink({ fPort: 1, payload: "aa" });
  const before = await first.send("GET", `/api/v1/devices/${DEV_EUI}`);
  const firstReader = await first.events("0");
  const shown = await firstReader.take(3);
  await first.stop();
  assert.equal(await firstReader.next(), undefined);

  const second = await start(first.data);
  assert.deepEqual(await second.send("GET", `/api/v1/devices/${DEV_EUI}`), before);
  const repeated = await second.uplink({ AppSKey: undefined });
  assert.deepEqual(repeated.body, { outcome: "duplicate" });
  await second.downlink({ fPort: 1, payload: "bb" });
  assert.equal(downlinksSent()[1]?.fCntDown, 1);
  assert.equal((await second.uplink({ AppSKey: undefined, FCntUp: 1 })).status, 200);
  assert.equal(joinServer.received.length, 1);
  const reader = await second.events(shown[0]?.id ?? "");
  const replayed = await reader.take(4);
  assert.deepEqual(replayed.slice(0, 2), shown.slice(1));
  assert.deepEqual(
    replayed.slice(2).map(({ event }) => event),
    ["downlink", "uplink"],
  );
  reader.close();
});

test("the data folder and its files are the owner's alone", async () => {
  const { data } = await start();
  for (const name of ["", "admin-token", "application-server.sqlite"]) {
    assert.equal(statSync(join(data, name)).mode & 0o077, 0, name);
  }
});

describe("settings that can't work", () => {
  const logger = pino({ level: "silent" });
  const tryStart = (change: Partial<ApplicationServerSettings>) =>
    startApplicationServer({ ...settingsFor(join(folder, `bad-${++folders}`)), ...change }, logger);

  test("a port in use", async () => {
    const { url } = await start();
    await assert.rejects(tryStart({ httpPort: Number(new URL(url).port) }), {
      code: "port-in-use",
    });
  });

  test("a KEK without a label, without a file, and one that is none", async () => {
    const { kekLabel: _label, ...withoutLabel } = settingsFor(join(folder, "x"));
    await assert.rejects(startApplicationServer(withoutLabel, logger), {
      code: "configuration-invalid",
    });
    writeFileSync(join(folder, "bad-kek"), APP_S_KEY_HEX.slice(2));
    for (const name of ["bad-kek", "missing"]) {
      await assert.rejects(tryStart({ kekFile: join(folder, name) }), (error: Error) => {
        assert.match(error.message, /KEK of 16, 24 or 32 bytes/);
        assert.ok(!error.message.includes(APP_S_KEY_HEX.slice(2)));
        return true;
      });
    }
  });

  test("a data folder that is a file", async () => {
    await assert.rejects(tryStart({ data: kekFile }), { code: "configuration-invalid" });
  });
});
