import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RootKeyJoinServerClient } from "../../../src/application-server/root-keys/root-key-join-server-client.ts";
import { BackendClient } from "../../../src/backend/client.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { createApplicationServerLink } from "../../../src/server/join-server/application-server-link.ts";
import {
  AS_ID,
  DEV_EUI,
  decryptOnDevice,
  envelope,
  ROOT_KEY_F_PORT,
  startSession,
  type TestApplicationServer,
  uplink,
} from "../../application-server/support/fixtures.ts";
import {
  eventually,
  ScriptedJoinServer,
  updateReq,
} from "../../application-server/support/root-key-messages.ts";
import { JoinServerRig, keyHex } from "../../support/join-server-rig.ts";
import { TestDevice } from "../../support/test-device.ts";
import { ROOT_KEY_TOKEN, testApp } from "./support/test-app.ts";

const MESSAGE = {
  ProtocolVersion: "1.0",
  SenderID: "70b3d57ed0000001",
  ReceiverID: AS_ID,
  TransactionID: 7,
  MessageType: "RootKeyUpdateReq",
  DevEUI: DEV_EUI,
  MACCommand: formatHex(updateReq(1)),
  FPort: ROOT_KEY_F_PORT,
};

function relayingApp() {
  const server = testApp({ rootKeys: new ScriptedJoinServer() });
  startSession(server);
  const post = async (change: object = {}, authorization = `Bearer ${ROOT_KEY_TOKEN}`) => {
    const response = await server.app.inject({
      method: "POST",
      url: "/",
      headers: { authorization },
      payload: { ...MESSAGE, ...change },
    });
    return { status: response.statusCode, body: response.json() };
  };
  const resultOf = async (...args: Parameters<typeof post>) =>
    (await post(...args)).body.Result?.ResultCode;
  return { ...server, post, resultOf };
}

describe("POST / of the Application Server", () => {
  it("keeps the request on disk and says so in the Join Server's terms", async () => {
    const { post, store, networkServer } = relayingApp();
    const { status, body } = await post();
    assert.equal(status, 200);
    assert.deepEqual(body, {
      ProtocolVersion: "1.0",
      SenderID: AS_ID,
      ReceiverID: MESSAGE.SenderID,
      TransactionID: 7,
      MessageType: "RootKeyUpdateAns",
      Result: { ResultCode: "Success" },
    });
    assert.equal(store.rootKeys.pending(DEV_EUI)?.updateId, 1);
    await eventually("the downlink", () => networkServer.taken.length === 1);
  });

  it("takes the port for its own when the message names none", async () => {
    const { resultOf } = relayingApp();
    assert.equal(await resultOf({ FPort: undefined }), "Success");
  });

  it("refuses whoever does not show the token, whatever it says", async () => {
    const { resultOf, store } = relayingApp();
    for (const authorization of ["", "Bearer ", "Bearer wrong", ROOT_KEY_TOKEN]) {
      assert.equal(await resultOf({}, authorization), "UnknownSender", authorization);
      assert.equal(await resultOf({ ReceiverID: "x" }, authorization), "UnknownSender");
    }
    assert.equal(store.rootKeys.pending(DEV_EUI), undefined);
  });

  it("refuses what is not for it", async () => {
    const { resultOf, store, logged } = relayingApp();
    for (const [change, expected] of [
      [{ ReceiverID: "another-as" }, "UnkownReceiver"],
      [{ FPort: 198 }, "InvalidFPort"],
      [{ FPort: "199" }, "MalformedRequest"],
      [{ MessageType: "RootKeyCommandReq" }, "MalformedRequest"],
      [{ ProtocolVersion: "2.0" }, "InvalidProtocolVersion"],
      [{ DevEUI: "ff".repeat(8) }, "UnknownDevEUI"],
      [{ DevEUI: "12" }, "MalformedRequest"],
      [{ MACCommand: "" }, "MalformedRequest"],
      [{ MACCommand: `${MESSAGE.MACCommand}00` }, "MalformedRequest"],
      [{ MACCommand: "820000" }, "MalformedRequest"],
    ] as const) {
      assert.equal(await resultOf(change), expected, JSON.stringify(change));
    }
    assert.equal(store.rootKeys.pending(DEV_EUI), undefined);
    assert.ok(!logged.join("").includes(ROOT_KEY_TOKEN));
  });

  it("answers HTTP 400 where no header can be read", async () => {
    const { post } = relayingApp();
    assert.equal((await post({ TransactionID: "x" })).status, 400);
  });

  it("refuses everything when updates go over no port", async () => {
    const { app } = testApp();
    const response = await app.inject({
      method: "POST",
      url: "/",
      headers: { authorization: `Bearer ${ROOT_KEY_TOKEN}` },
      payload: MESSAGE,
    });
    assert.equal(response.json().Result.ResultCode, "InvalidFPort");
  });
});

describe("an Application Server and a Join Server over HTTP", () => {
  it("update a device, one asking the other, then the other way round", async (t) => {
    const rig = await JoinServerRig.start();
    const backendUrl = await rig.backend.listen({ host: "127.0.0.1", port: 0 });
    t.after(() => rig.backend.close());
    const client = new BackendClient({
      url: backendUrl,
      senderId: AS_ID,
      randomBytes: systemRandomBytes,
    });
    const server = testApp({
      rootKeys: new RootKeyJoinServerClient(client, ROOT_KEY_F_PORT),
      updateAfterFrames: 2,
    });
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    t.after(() => server.app.close());
    await rig.call("PATCH", `application-servers/${AS_ID}`, { relaysRootKeyUpdates: true });

    const device = new TestDevice("1.1.0");
    await rig.register(device, { updatePolicy: { minimumPeriodMs: 0 } });
    const air = new PortDevice(device, server);
    await rig.join(device);
    await air.send(1, "01");
    await air.send(1, "02");
    await air.updated(rig, 1);

    const peer = await rig.store.loadApplicationServer(AS_ID);
    assert.ok(peer);
    const authorization = `Bearer ${ROOT_KEY_TOKEN}`;
    const route = {
      url,
      ca: undefined,
      authorization,
      protocolVersion: "1.0",
      senderNsId: undefined,
    } as const;
    const asked = await rig.ask("RootKeyUpdateReq", { DevEUI: device.devEui, Reason: "operator" });
    await createApplicationServerLink(systemRandomBytes).sendRootKeyUpdateReq(
      { ...peer, route },
      device,
      parseHex(asked["MACCommand"] as string),
    );
    await air.updated(rig, 2);
  });
});

/** A device whose every frame goes over the port; the Network Server between is left out. */
class PortDevice {
  readonly #device: TestDevice;
  readonly #role: TestApplicationServer;
  #joins = 0;
  #fCntUp = 0;
  #seen = 0;

  constructor(device: TestDevice, role: TestApplicationServer) {
    this.#device = device;
    this.#role = role;
  }

  async send(fPort: number, payload: string): Promise<void> {
    const { devEui, joinEui } = this.#device;
    const appSKeyHex = keyHex(this.#device.sessionInUse().appSKey);
    await this.#role.receiver.receive(
      uplink({
        devEui,
        joinEui,
        fPort,
        payload: parseHex(payload),
        keyHex: appSKeyHex,
        appSKey: envelope(appSKeyHex),
        fCntUp: this.#fCntUp++,
        sessionKeyId: `session-${this.#joins}`,
      }),
    );
  }

  /** Answers what comes down until both ends are on `generation`, and sends there. */
  async updated(rig: JoinServerRig, generation: number): Promise<void> {
    await this.#next();
    const ready = this.#device.receiveCommand(this.#down());
    this.#sent();
    assert.ok(ready);
    await this.send(ROOT_KEY_F_PORT, ready);
    await this.#next();
    this.#device.receiveCommand(this.#down());
    this.#sent();
    await rig.join(this.#device);
    this.#joins++;
    this.#fCntUp = 0;
    assert.equal((await rig.show(this.#device))["generation"], generation);
    await this.send(1, "03");
  }

  #next(): Promise<void> {
    const { networkServer } = this.#role;
    return eventually("a downlink", () => networkServer.taken.length > this.#seen);
  }

  #down(): string {
    const down = this.#role.networkServer.taken[this.#seen++];
    assert.ok(down);
    return formatHex(decryptOnDevice(down, keyHex(this.#device.sessionInUse().appSKey)));
  }

  #sent(): void {
    const { devEui } = this.#device;
    const downlinkId = this.#role.networkServer.taken[this.#seen - 1]?.downlinkId ?? "";
    this.#role.log.takeEvent({ devEui, downlinkId, event: "sent" });
  }
}
