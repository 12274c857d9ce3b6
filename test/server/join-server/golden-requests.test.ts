import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { encodeJoinRequest } from "../../../src/lorawan/join/join-request.ts";
import { openJoinAccept } from "../../../src/lorawan/join/secure-join-accept.ts";
import { deriveSessionKeys10 } from "../../../src/lorawan/keys/session-keys.ts";
import { type Json, keyHex, openEnvelope, useJoinServer } from "../../support/join-server-rig.ts";
import { readAsChirpStack, readAsTheThingsStack } from "../../support/strict-decoders.ts";

// The bodies that other stacks send, octet by octet as their own tests have them. The frame is that of
// The Things Stack's client test; the key that makes its MIC was found by trying the keys of such tests.
const KEY_HEX = "01020304050607080102030405060708";
const KEY = importAes128Key(parseHex(KEY_HEX));
const FRAME = "00000000D07ED5B370080706050403020100003851F0B6";

const THE_THINGS_STACK = `{"ProtocolVersion":"1.0","TransactionID":0,"MessageType":"JoinReq","SenderID":"42FFFF","ReceiverID":"70B3D57ED0000000","MACVersion":"1.0.3","PHYPayload":"${FRAME}","DevEUI":"0102030405060708","DevAddr":"01020304","DLSettings":"00","RxDelay":5}`;
const THE_THINGS_STACK_APP_S_KEY = `{"ProtocolVersion":"1.0","TransactionID":0,"MessageType":"AppSKeyReq","SenderID":"test-as","ReceiverID":"70B3D57ED0000000","DevEUI":"0102030405060708","SessionKeyID":"016BFA7BAD4756346A674981E75CDBDC"}`;

const identity = {
  joinEui: parseEui64("70b3d57ed0000000"),
  devEui: parseEui64("0102030405060708"),
};

describe("requests as other stacks write them", () => {
  const rig = useJoinServer();
  before(async () => {
    await rig.put("network-servers/42ffff", { kekLabel: "ns:1", kek: keyHex(rig.nsKek) });
    await rig.put("application-servers/test-as", { kekLabel: "as:010042", kek: keyHex(rig.asKek) });
    await rig.put(`devices/${identity.devEui}`, {
      joinEui: identity.joinEui,
      macVersion: "1.0.3",
      nwkKey: KEY_HEX,
      homeNetId: "42ffff",
      asId: "test-as",
    });
  });

  async function post(payload: string, url = "/", type = "application/json"): Promise<Json> {
    const response = await rig.backend.inject({
      method: "POST",
      url,
      payload,
      headers: { "content-type": type },
    });
    assert.equal(response.statusCode, 200, response.body);
    assert.match(response.headers["content-type"] as string, /^application\/json/);
    return response.json();
  }

  /** The body of The Things Stack with another DevNonce and other members. */
  function another(devNonce: number, changes: Json = {}): string {
    const PHYPayload = formatHex(encodeJoinRequest({ ...identity, devNonce }, KEY));
    return JSON.stringify({ ...JSON.parse(THE_THINGS_STACK), PHYPayload, ...changes });
  }

  it("JoinReq of The Things Stack is accepted", async () => {
    const answer = await post(THE_THINGS_STACK);
    assert.deepEqual(Object.keys(answer), [
      "ProtocolVersion",
      "SenderID",
      "ReceiverID",
      "TransactionID",
      "MessageType",
      "Result",
      "PHYPayload",
      "Lifetime",
      "NwkSKey",
      "AppSKey",
      "SessionKeyID",
    ]);
    assert.equal(answer["SenderID"], "70B3D57ED0000000");
    assert.equal(answer["ReceiverID"], "42FFFF");
    assert.equal(answer["TransactionID"], 0);
    assert.equal(answer["MessageType"], "JoinAns");
    const accept = openJoinAccept({
      phyPayload: parseHex(answer["PHYPayload"] as string),
      encryptionKey: KEY,
      rootKey: KEY,
    });
    assert.deepEqual([accept.joinNonce, accept.netId, accept.rxDelay], [1, "42ffff", 5]);
    const netId = accept.netId;
    const keys = deriveSessionKeys10({ key: KEY, joinNonce: 1, netId, devNonce: 0 });
    assert.equal(openEnvelope(answer["NwkSKey"], rig.nsKek), keyHex(keys.fNwkSIntKey));
    assert.equal(openEnvelope(answer["AppSKey"], rig.asKek), keyHex(keys.appSKey));
    assert.equal((answer["AppSKey"] as Json)["KEKLabel"], "as:010042");
  });

  it("JoinReq in the order and case of ChirpStack is accepted", async () => {
    const phyPayload = formatHex(encodeJoinRequest({ ...identity, devNonce: 257 }, KEY));
    const answer = await post(
      `{"ProtocolVersion":"1.0","SenderID":"42ffff","ReceiverID":"70b3d57ed0000000","TransactionID":3735928559,"MessageType":"JoinReq","MACVersion":"1.0.3","PHYPayload":"${phyPayload}","DevEUI":"0102030405060708","DevAddr":"01020304","DLSettings":"00","RxDelay":1,"CFList":"184f84e85684b85e84886684586e8400"}`,
    );
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    assert.equal((answer["PHYPayload"] as string).length, 66);
    assert.equal(answer["TransactionID"], 3_735_928_559);
  });

  it("AppSKeyReq of The Things Stack is answered", async () => {
    const unknown = await post(THE_THINGS_STACK_APP_S_KEY);
    assert.equal((unknown["Result"] as Json)["ResultCode"], "UnknownDevEUI");
    assert.equal(unknown["ReceiverID"], "test-as");
    const { SessionKeyID } = await post(another(300));
    const spelled = (SessionKeyID as string).toUpperCase();
    const answer = await post(
      THE_THINGS_STACK_APP_S_KEY.replace("016BFA7BAD4756346A674981E75CDBDC", spelled),
    );
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    assert.equal(((answer["AppSKey"] as Json)["AESKey"] as string).length, 48);
  });

  it("1.1 brings the NSID back, the SenderToken comes back in both", async () => {
    const members = { SenderNSID: "70B3D57ED0000001", SenderToken: "0xAB" };
    const answer = await post(another(301, { ...members, ProtocolVersion: "1.1" }));
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    assert.equal(answer["ProtocolVersion"], "1.1");
    assert.equal(answer["ReceiverNSID"], "70B3D57ED0000001");
    assert.equal(answer["ReceiverToken"], "0xAB");
    const answer10 = await post(another(302, members));
    assert.ok(!("ReceiverNSID" in answer10));
    assert.equal(answer10["ReceiverToken"], "0xAB");
  });

  it("of every message are answered as the decoders of both stacks want it", async () => {
    const header = (MessageType: string, order: "chirpstack" | "the-things-stack") =>
      order === "chirpstack"
        ? `"ProtocolVersion":"1.0","SenderID":"42ffff","ReceiverID":"70b3d57ed0000000","TransactionID":4294967295,"MessageType":"${MessageType}"`
        : `"ProtocolVersion":"1.0","TransactionID":0,"MessageType":"${MessageType}","SenderID":"42FFFF","ReceiverID":"70B3D57ED0000000"`;
    const home = `"DevEUI":"0102030405060708"`;
    const joined = await post(another(400));
    const answers = [
      joined,
      await post(THE_THINGS_STACK_APP_S_KEY.replace(/016BFA\w+/, String(joined["SessionKeyID"]))),
      await post(`{${header("HomeNSReq", "chirpstack")},${home}}`),
      await post(`{${header("HomeNSReq", "the-things-stack")},${home}}`),
    ];
    for (const answer of answers) assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    assert.equal(answers[2]?.["HNetID"], "42ffff");
    const refusals = [
      await post(another(400)),
      await post(another(401, { DevAddr: "xx" })),
      await post(another(401, { SenderID: "00dead" })),
      await post(another(401, { ReceiverID: "000013" })),
      await post(
        another(401, { ProtocolVersion: "1.1", SenderNSID: "70B3D57ED0000001", RxDelay: 16 }),
      ),
      await post(another(401, { DevEUI: "FFFFFFFFFFFFFFFF" })),
      await post(`{${header("HomeNSReq", "chirpstack")},"DevEUI":"ffffffffffffffff"}`),
    ];
    for (const answer of [...answers, ...refusals]) {
      // What a peer calls us, it gets back: a ReceiverID of three bytes is its own mistake.
      if (answer["SenderID"] !== "000013") readAsTheThingsStack(answer);
      if (answer["ProtocolVersion"] === "1.0") readAsChirpStack(answer);
    }
  });

  it("of BI 1.1 bring their NSID along and get it back", async () => {
    const answer = await post(
      another(402, { ProtocolVersion: "1.1", SenderNSID: "70B3D57ED0000001" }),
    );
    assert.deepEqual(
      [answer["ProtocolVersion"], answer["ReceiverNSID"], answer["Result"]],
      ["1.1", "70B3D57ED0000001", { ResultCode: "Success" }],
    );
    readAsTheThingsStack(answer);
  });

  it("are taken on any path and with parameters after the content type", async () => {
    const places: [string, string][] = [
      ["/api/v1/rens/rens-1/lbi_joinreq", "application/json"],
      ["/lrwan/join?x=1", "application/json; charset=utf-8"],
      ["//", "Application/JSON;charset=UTF-8"],
    ];
    for (const [index, [url, type]] of places.entries()) {
      const answer = await post(another(310 + index, {}), url, type);
      assert.deepEqual(answer["Result"], { ResultCode: "Success" }, url);
    }
  });

  it("may hold what this server does not know, and leave out what it does not need", async () => {
    const extras = {
      VSExtension: { VendorID: "EC656E", Object: { TTSV3: { HTenantID: "x" } } },
      Lifetime: 5,
      CFList: null,
      SenderToken: null,
    };
    const spellings: Json[] = [
      extras,
      { CFList: "" },
      { MACVersion: "1.0" },
      { MACVersion: "1.0.0" },
      { MACVersion: "1.0.4" },
      { SenderID: "0x42ffff", ReceiverID: "0x70B3D57ED0000000", DevEUI: "0X0102030405060708" },
      { ReceiverID: "70B3D57ED00000FF" },
    ];
    for (const [index, changes] of spellings.entries()) {
      const answer = await post(another(320 + index, changes));
      assert.deepEqual(answer["Result"], { ResultCode: "Success" }, JSON.stringify(changes));
    }
  });

  it("of 32 kB are read", async () => {
    const padding = "x".repeat(32_000);
    const answer = await post(
      another(330, { VSExtension: { VendorID: "EC656E", Object: padding } }),
    );
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
  });

  it("of another protocol version are told so in the terms of 1.0", async () => {
    for (const ProtocolVersion of ["1.2", "2.0", "1"]) {
      const answer = await post(another(331, { ProtocolVersion }));
      assert.equal(answer["ProtocolVersion"], "1.0");
      assert.equal(answer["MessageType"], "JoinAns");
      assert.equal((answer["Result"] as Json)["ResultCode"], "InvalidProtocolVersion");
    }
  });

  it("of a message this server does not answer are malformed", async () => {
    for (const MessageType of ["PRStartReq", "JoinAns", "joinreq", "constructor", ""]) {
      const answer = await post(another(332, { MessageType }));
      assert.equal((answer["Result"] as Json)["ResultCode"], "MalformedRequest");
      const answer11 = await post(another(332, { MessageType, ProtocolVersion: "1.1" }));
      assert.equal((answer11["Result"] as Json)["ResultCode"], "MalformedMessage");
    }
  });

  it("get a description of fixed words, never of inner ones", async () => {
    const answer = await post(another(333, { DevAddr: "xyz-secret" }));
    assert.deepEqual(answer["Result"], {
      ResultCode: "MalformedRequest",
      Description: "The message does not have its form",
    });
  });

  it("without a header that can be read get HTTP 400, 413 or 415", async () => {
    const wrong: [number, string, string][] = [
      [400, "{}", "application/json"],
      [400, "", "application/json"],
      [400, "[]", "application/json"],
      [400, "null", "application/json"],
      [400, '"text"', "application/json"],
      [400, "{", "application/json"],
      [400, another(334, { TransactionID: "7" }), "application/json"],
      [400, another(334, { SenderID: 7 }), "application/json"],
      [413, another(334, { X: "x".repeat(70_000) }), "application/json"],
      [415, another(334), "application/xml"],
    ];
    const before = rig.dump();
    for (const [status, payload, type] of wrong) {
      const response = await rig.backend.inject({
        method: "POST",
        url: "/",
        payload,
        headers: { "content-type": type },
      });
      assert.equal(response.statusCode, status, payload.slice(0, 80));
      assert.match(response.headers["content-type"] as string, /^application\/problem\+json/);
    }
    assert.equal(rig.dump(), before);
  });
});
