import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { BackendClient } from "../../src/backend/client.ts";
import { decodeJoinReq } from "../../src/backend/join-messages.ts";
import { Members } from "../../src/backend/members.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { WarrenError } from "../../src/errors.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { warrenError } from "../support/warren-error.ts";

type Json = Record<string, unknown>;
type Handler = (request: Json, response: ServerResponse, raw: IncomingMessage) => void;

const JOIN_EUI = parseEui64("70b3d57ed0000001");
const DEV_EUI = parseEui64("0102030405060708");
const CLEAR_KEY = { KEKLabel: "", AESKey: "00".repeat(16) };
const JOIN_REQ = decodeJoinReq(
  new Members({
    MACVersion: "1.1.0",
    PHYPayload: "0011",
    DevEUI: DEV_EUI,
    DevAddr: "01020304",
    DLSettings: "80",
    RxDelay: 1,
  }),
);

let server: Server;
let url: string;
let handle: Handler;

/** The answer that fits a request, with what a test wants to be different. */
function answerOf(request: Json, members: Json = {}): Json {
  return {
    ProtocolVersion: request["ProtocolVersion"],
    SenderID: request["ReceiverID"],
    ReceiverID: request["SenderID"],
    TransactionID: request["TransactionID"],
    MessageType: (request["MessageType"] as string).replace("Req", "Ans"),
    Result: { ResultCode: "Success" },
    ...members,
  };
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const client = (options: { url?: string; timeoutMs?: number; senderId?: string } = {}) =>
  new BackendClient({ url, senderId: "000013", randomBytes: systemRandomBytes, ...options });
const ask = () => client().homeNsReq(JOIN_EUI, DEV_EUI);

describe("BackendClient", () => {
  before(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      handle(JSON.parse(Buffer.concat(chunks).toString()), response, request);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("sends every message and reads its answer", async () => {
    const seen: Json[] = [];
    const bodies: Json = {
      JoinReq: { PHYPayload: "20", Lifetime: 0, NwkSKey: CLEAR_KEY, SessionKeyID: "01" },
      RejoinReq: { PHYPayload: "20", NwkSKey: CLEAR_KEY },
      AppSKeyReq: { DevEUI: DEV_EUI, SessionKeyID: "01", AppSKey: CLEAR_KEY },
      HomeNSReq: { HNetID: "0x000013" },
      RootKeyUpdateReq: { UpdateID: 1, MACCommand: "80" },
      RootKeyCommandReq: { MACCommand: "81" },
    };
    handle = (request, response) => {
      seen.push(request);
      send(response, answerOf(request, bodies[request["MessageType"] as string] as Json));
    };
    const one = client();
    const sessionKeyId = "01";
    const command = { devEui: DEV_EUI, macCommand: Uint8Array.of(0x81) };
    assert.equal((await one.joinReq(JOIN_EUI, JOIN_REQ)).value?.sessionKeyId, "01");
    assert.equal((await one.rejoinReq(JOIN_EUI, JOIN_REQ)).value?.lifetime, 0);
    const appSKey = await one.appSKeyReq(JOIN_EUI, { devEui: DEV_EUI, sessionKeyId });
    assert.equal(appSKey.value?.appSKey.kekLabel, "");
    assert.equal((await one.homeNsReq(JOIN_EUI, DEV_EUI)).value?.homeNetId, "000013");
    const update = await one.rootKeyUpdateReq(JOIN_EUI, { devEui: DEV_EUI, reason: "age" });
    assert.equal(update.value?.updateId, 1);
    assert.deepEqual(
      (await one.rootKeyCommandReq(JOIN_EUI, command)).value?.macCommand,
      Uint8Array.of(0x81),
    );
    assert.equal((await one.rootKeyUpdateStart("000013", command)).result.resultCode, "Success");

    assert.equal(seen.length, 7);
    for (const request of seen) {
      assert.equal(request["ProtocolVersion"], "1.0");
      assert.ok((request["TransactionID"] as number) > 0);
      assert.ok(!("SenderNSID" in request));
    }
    assert.equal(new Set(seen.map((request) => request["TransactionID"])).size, 7);
    assert.equal(seen[0]?.["MACVersion"], "1.1");
  });

  it("posts application/json and nothing after it, which The Things Stack insists on", async () => {
    let type: string | undefined;
    handle = (request, response, raw) => {
      type = raw.headers["content-type"];
      send(response, answerOf(request, { HNetID: "000013" }));
    };
    await ask();
    assert.equal(type, "application/json");
  });

  it("never sends TransactionID 0", async () => {
    let id: unknown;
    handle = (request, response) => {
      id = request["TransactionID"];
      send(response, answerOf(request, { HNetID: "000013" }));
    };
    const zeros = { url, senderId: "000013", randomBytes: (n: number) => new Uint8Array(n) };
    await new BackendClient(zeros).homeNsReq(JOIN_EUI, DEV_EUI);
    assert.equal(id, 1);
  });

  it("takes IDs in another case and with 0x", async () => {
    handle = (request, response) =>
      send(
        response,
        answerOf(request, { SenderID: `0x${JOIN_EUI.toUpperCase()}`, HNetID: "000013" }),
      );
    assert.equal((await ask()).result.resultCode, "Success");
  });

  it("gives a refusal as an answer without members, at any HTTP status", async () => {
    for (const status of [200, 400, 404, 500]) {
      const Result = { ResultCode: "UnknownDevEUI", Description: "who?" };
      handle = (request, response) => send(response, answerOf(request, { Result }), status);
      assert.deepEqual(await ask(), {
        result: { resultCode: "UnknownDevEUI", description: "who?" },
        value: undefined,
      });
    }
  });

  it("takes a ResultCode that it does not know as a failure", async () => {
    handle = (request, response) =>
      send(response, answerOf(request, { Result: { ResultCode: "constructor" } }));
    assert.equal((await ask()).result.resultCode, "Other");
  });

  const wrongAnswers: Record<string, (request: Json) => unknown> = {
    "another TransactionID": (r) =>
      answerOf(r, { TransactionID: ((r["TransactionID"] as number) + 1) >>> 0, HNetID: "000013" }),
    "another MessageType": (r) => answerOf(r, { MessageType: "JoinAns", HNetID: "000013" }),
    "another SenderID": (r) => answerOf(r, { SenderID: "70b3d57ed0000002", HNetID: "000013" }),
    "another ReceiverID": (r) => answerOf(r, { ReceiverID: "000014", HNetID: "000013" }),
    "another ProtocolVersion": (r) => answerOf(r, { ProtocolVersion: "2.0", HNetID: "000013" }),
    "no Result": (r) => answerOf(r, { Result: undefined, HNetID: "000013" }),
    "a Result that is text": (r) => answerOf(r, { Result: "Success", HNetID: "000013" }),
    "no HNetID": (r) => answerOf(r),
    "a HNetID of 4 bytes": (r) => answerOf(r, { HNetID: "00000013" }),
    "an empty object": () => ({}),
    "an array": () => [],
    null: () => null,
  };
  for (const [what, make] of Object.entries(wrongAnswers)) {
    it(`refuses ${what}`, async () => {
      handle = (request, response) => send(response, make(request));
      await assert.rejects(ask(), warrenError("peer-answer-malformed"));
    });
  }

  it("names URL, status and content type of an answer that is not JSON", async () => {
    handle = (_request, response) => {
      response.writeHead(502, { "content-type": "text/html" }).end("<html>");
    };
    await assert.rejects(ask(), (error) => {
      assert.ok(error instanceof WarrenError && error.code === "peer-answer-malformed");
      for (const part of [url, "502", "text/html"]) assert.ok(error.message.includes(part));
      return true;
    });
  });

  it("reads no answer that is larger than any could be", async () => {
    handle = (request, response) =>
      send(response, answerOf(request, { HNetID: "000013", pad: "x".repeat(100_000) }));
    await assert.rejects(ask(), warrenError("peer-answer-malformed"));
    handle = (_request, response) => {
      // Without a length in the header.
      for (let chunk = 0; chunk < 100; chunk++) response.write(" ".repeat(1_000));
      response.end();
    };
    await assert.rejects(ask(), warrenError("peer-answer-malformed"));
  });

  it("keeps its connection between messages", async () => {
    const ports = new Set<number | undefined>();
    handle = (request, response, raw) => {
      ports.add(raw.socket.remotePort);
      send(response, answerOf(request, { HNetID: "000013" }));
    };
    const one = client();
    for (let count = 0; count < 10; count++) await one.homeNsReq(JOIN_EUI, DEV_EUI);
    // A second one is opened while the first is being put away.
    assert.ok(ports.size <= 2);
  });

  it("does not follow a redirection to somebody else", async () => {
    let count = 0;
    handle = (_request, response) => {
      count += 1;
      response.writeHead(307, { location: `${url}/elsewhere` }).end();
    };
    await assert.rejects(ask(), warrenError("peer-answer-malformed"));
    assert.equal(count, 1);
  });

  it("gives up after its time-out, before and within the body", async () => {
    handle = () => undefined;
    const impatient = () => client({ timeoutMs: 50 }).homeNsReq(JOIN_EUI, DEV_EUI);
    await assert.rejects(impatient(), warrenError("peer-unreachable"));
    handle = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{");
    };
    await assert.rejects(impatient(), warrenError("peer-unreachable"));
  });

  it("says that a peer is unreachable when it is", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const wrong of [`http://127.0.0.1:${port}`, "http://", "nonsense"]) {
      await assert.rejects(
        client({ url: wrong }).homeNsReq(JOIN_EUI, DEV_EUI),
        warrenError("peer-unreachable"),
      );
    }
    handle = (_request, response) => response.destroy();
    await assert.rejects(ask(), warrenError("peer-unreachable"));
  });
});
