import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import {
  DEFAULT_PEER_SETTINGS,
  type NetworkServerPeer,
  plainRoute,
} from "../../../src/join-server/peers.ts";
import { parseEui64, parseNetId } from "../../../src/lorawan/identifiers.ts";
import { createNetworkServerLink } from "../../../src/server/join-server/network-server-link.ts";
import { warrenError } from "../../support/warren-error.ts";

const link = createNetworkServerLink(systemRandomBytes);
const device = { devEui: parseEui64("0102030405060708"), joinEui: parseEui64("70b3d57ed0000001") };
const netId = parseNetId("000013");

describe("the link to a Network Server", () => {
  const seen: Record<string, unknown>[] = [];
  let resultCode = "Success";
  let authorization: string | undefined;
  let url: string;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    seen.push(body);
    authorization = request.headers.authorization;
    response.end(
      JSON.stringify({
        ...body,
        SenderID: body.ReceiverID,
        ReceiverID: body.SenderID,
        MessageType: "RootKeyUpdateAns",
        Result: { ResultCode: resultCode },
      }),
    );
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = (peer: Partial<NetworkServerPeer> = {}) =>
    link.sendRootKeyUpdateReq(
      {
        ...DEFAULT_PEER_SETTINGS,
        netId,
        route: plainRoute(url),
        relaysRootKeyUpdates: true,
        kek: { label: "ns", kek: importKek(new Uint8Array(16)) },
        ...peer,
      },
      device,
      Uint8Array.of(0x80, 1),
    );

  it("hands over RootKeyUpdateReq in the name of the JoinEUI", async () => {
    await send();
    const { TransactionID: _, ...message } = seen[0] as Record<string, unknown>;
    assert.deepEqual(message, {
      ProtocolVersion: "1.0",
      SenderID: device.joinEui,
      ReceiverID: netId,
      MessageType: "RootKeyUpdateReq",
      DevEUI: device.devEui,
      MACCommand: "8001",
    });
  });

  it("says it under 1.1 with our NSID and our token, when the record says so", async () => {
    const route = {
      ...plainRoute(url),
      protocolVersion: "1.1" as const,
      senderNsId: parseEui64("70b3d57ed0000099"),
      authorization: "Bearer of-this-server",
    };
    await send({ route });
    const message = seen.at(-1);
    assert.deepEqual(
      [message?.["ProtocolVersion"], message?.["SenderNSID"]],
      ["1.1", "70b3d57ed0000099"],
    );
    assert.equal(authorization, "Bearer of-this-server");
  });

  it("says why it could not", async () => {
    resultCode = "UnknownDevEUI";
    await assert.rejects(send(), warrenError("peer-refused"));
    await assert.rejects(send({ route: undefined }), warrenError("peer-unreachable"));
    await assert.rejects(
      send({ route: plainRoute("http://127.0.0.1:1") }),
      warrenError("peer-unreachable"),
    );
  });
});
