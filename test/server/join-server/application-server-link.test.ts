import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import {
  type ApplicationServerPeer,
  DEFAULT_APPLICATION_SERVER_SETTINGS,
  DEFAULT_PEER_SETTINGS,
  plainRoute,
} from "../../../src/join-server/peers.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { createApplicationServerLink } from "../../../src/server/join-server/application-server-link.ts";
import { warrenError } from "../../support/warren-error.ts";
import { FakePeer } from "../application-server/support/peers.ts";

const link = createApplicationServerLink(systemRandomBytes);
const device = { devEui: parseEui64("0102030405060708"), joinEui: parseEui64("70b3d57ed0000001") };

function peerAt(url: string | undefined, changes: Partial<ApplicationServerPeer> = {}) {
  return {
    ...DEFAULT_PEER_SETTINGS,
    ...DEFAULT_APPLICATION_SERVER_SETTINGS,
    asId: "example-as",
    kek: { label: "as", kek: importKek(new Uint8Array(16)) },
    route: url === undefined ? undefined : plainRoute(url),
    ...changes,
  };
}

/** Answers RootKeyUpdateReq with this ResultCode. */
function answering(resultCode: string): FakePeer {
  return new FakePeer((request) => ({
    status: 200,
    body: {
      ...request,
      SenderID: request["ReceiverID"],
      ReceiverID: request["SenderID"],
      MessageType: "RootKeyUpdateAns",
      Result: { ResultCode: resultCode },
    },
  }));
}

describe("the link to an Application Server", () => {
  it("hands over RootKeyUpdateReq with the port of the record", async (t) => {
    const peer = await answering("Success").start();
    t.after(() => peer.stop());
    await link.sendRootKeyUpdateReq(
      peerAt(peer.url, { rootKeyFPort: 42 }),
      device,
      Uint8Array.of(0x80, 1),
    );
    const { TransactionID: _, ...message } = peer.received[0]?.body ?? {};
    assert.deepEqual(message, {
      ProtocolVersion: "1.0",
      SenderID: device.joinEui,
      ReceiverID: "example-as",
      MessageType: "RootKeyUpdateReq",
      DevEUI: device.devEui,
      MACCommand: "8001",
      FPort: 42,
    });
  });

  it("says what the Application Server refuses, and that nobody is there", async (t) => {
    const peer = await answering("InvalidFPort").start();
    t.after(() => peer.stop());
    const send = (url: string | undefined) =>
      link.sendRootKeyUpdateReq(peerAt(url), device, Uint8Array.of(0x80));
    await assert.rejects(send(peer.url), warrenError("peer-refused"));
    await assert.rejects(send(undefined), warrenError("peer-unreachable"));
    await peer.stop();
    await assert.rejects(send(peer.url), warrenError("peer-unreachable"));
  });
});
