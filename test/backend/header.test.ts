import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  answerTypeOf,
  decodeHeader,
  decodeResult,
  encodeAnswerHeader,
  encodeRequestHeader,
} from "../../src/backend/header.ts";
import { Members } from "../../src/backend/members.ts";
import { parseResultCode, RESULT_CODES, SUCCESS } from "../../src/backend/result-code.ts";
import { warrenError } from "../support/warren-error.ts";

const HEADER = {
  ProtocolVersion: "1.0",
  SenderID: "42FFFF",
  ReceiverID: "0x70B3D57ED0000000",
  TransactionID: 7,
  MessageType: "JoinReq",
};
const decode = (changes: object = {}) => decodeHeader(new Members({ ...HEADER, ...changes }));
const answer = (changes: object = {}) => encodeAnswerHeader(decode(changes), "JoinAns", SUCCESS);

describe("decodeHeader", () => {
  it("takes every 32-bit TransactionID, 0 included", () => {
    for (const TransactionID of [0, 1, 2 ** 32 - 1]) {
      assert.equal(decode({ TransactionID }).transactionId, TransactionID);
    }
    for (const TransactionID of [-1, 2 ** 32, 1.5, "1", null, undefined]) {
      assert.throws(() => decode({ TransactionID }), warrenError("request-malformed"));
    }
  });

  it("keeps an AS-ID that is plain text", () => {
    assert.equal(decode({ SenderID: "test-as" }).senderId, "test-as");
  });

  it("knows the protocol versions 1.0 and 1.1", () => {
    assert.equal(decode({ ProtocolVersion: "1.1" }).protocolVersion, "1.1");
    for (const ProtocolVersion of ["1.2", "2.0", ""]) {
      assert.throws(() => decode({ ProtocolVersion }), warrenError("protocol-version-unknown"));
    }
  });

  it("says first that the header cannot be read, then that its version is unknown", () => {
    const broken = { ProtocolVersion: "9", TransactionID: "x" };
    assert.throws(() => decode(broken), warrenError("request-malformed"));
  });

  it("wants every member", () => {
    for (const name of Object.keys(HEADER)) {
      assert.throws(() => decode({ [name]: undefined }), warrenError("request-malformed"), name);
    }
    for (const body of [null, [], "text", 1, true]) {
      assert.throws(() => new Members(body), warrenError("request-malformed"));
    }
  });

  it("ignores tokens and NSIDs that are null or empty", () => {
    assert.deepEqual(decode({ SenderToken: "", SenderNSID: null }), decode());
  });
});

describe("encodeAnswerHeader", () => {
  it("swaps the IDs as they were spelled and echoes version and TransactionID", () => {
    assert.deepEqual(answer(), {
      ProtocolVersion: "1.0",
      SenderID: "0x70B3D57ED0000000",
      ReceiverID: "42FFFF",
      TransactionID: 7,
      MessageType: "JoinAns",
      Result: { ResultCode: "Success" },
    });
  });

  it("returns the SenderToken as ReceiverToken", () => {
    assert.equal(answer({ SenderToken: "00ff" })["ReceiverToken"], "00ff");
    assert.ok(!("ReceiverToken" in answer()));
  });

  it("returns the SenderNSID under 1.1 alone", () => {
    const SenderNSID = "70B3D57ED0000001";
    assert.equal(answer({ SenderNSID, ProtocolVersion: "1.1" })["ReceiverNSID"], SenderNSID);
    assert.ok(!("ReceiverNSID" in answer({ SenderNSID })));
    assert.ok(!("ReceiverNSID" in answer({ ProtocolVersion: "1.1" })));
  });

  it("writes a description when there is one", () => {
    const header = encodeAnswerHeader(decode(), "JoinAns", {
      resultCode: "MICFailed",
      description: "The MIC is wrong",
    });
    assert.deepEqual(header["Result"], {
      ResultCode: "MICFailed",
      Description: "The MIC is wrong",
    });
  });
});

describe("encodeRequestHeader", () => {
  it("sends the NSID under 1.1 alone", () => {
    const header = { ...decode(), senderNsId: "70b3d57ed0000001" };
    assert.ok(!("SenderNSID" in encodeRequestHeader(header)));
    const header11 = encodeRequestHeader({ ...header, protocolVersion: "1.1" });
    assert.equal(header11["SenderNSID"], "70b3d57ed0000001");
  });
});

describe("answerTypeOf", () => {
  it("replaces Req at the end", () => {
    assert.equal(answerTypeOf("JoinReq"), "JoinAns");
    assert.equal(answerTypeOf("RootKeyCommandReq"), "RootKeyCommandAns");
    assert.equal(answerTypeOf("ReqReq"), "ReqAns");
    assert.equal(answerTypeOf("Foo"), "Foo");
  });
});

describe("result codes", () => {
  const result = (members: object) => decodeResult(new Members({ Result: members }));

  it("are known in both spellings that are in use", () => {
    for (const code of RESULT_CODES) assert.equal(parseResultCode(code), code);
    assert.equal(parseResultCode("UnknownReceiver"), "UnkownReceiver");
    assert.equal(parseResultCode("RoamingActDisallowedA"), "RoamingActDisallowed");
  });

  it("that nobody knows are a failure and keep their text", () => {
    for (const text of ["Foo", "", "success", "constructor", "__proto__", "toString"]) {
      assert.equal(parseResultCode(text), undefined);
      assert.deepEqual(result({ ResultCode: text }), {
        resultCode: "Other",
        description: `ResultCode ${text}`,
      });
    }
    const long = result({ ResultCode: "Foo", Description: "x".repeat(1000) });
    assert.ok(long.description?.startsWith("ResultCode Foo: xxx"));
    assert.equal(long.description?.length, 200);
  });

  it("come with the peer's description, if it is one", () => {
    assert.equal(result({ ResultCode: "Deferred", Description: "later" }).description, "later");
    assert.ok(!("description" in result({ ResultCode: "Deferred", Description: 7 })));
    assert.throws(() => result({}), warrenError("request-malformed"));
  });
});
