import assert from "node:assert/strict";
import { test } from "node:test";
import { answerRequest } from "../../src/backend/answer-request.ts";
import { type ErrorCode, WarrenError } from "../../src/errors.ts";
import { warrenError } from "../support/warren-error.ts";

const REQUEST = {
  ProtocolVersion: "1.1",
  SenderID: "0x70B3D57ED0000001",
  ReceiverID: "000001",
  TransactionID: 7,
  MessageType: "RootKeyUpdateReq",
  SenderToken: "t",
};

/** The answer to a request that `take` decides on, and what was told of its refusal. */
function answered(take: () => void, change: object = {}) {
  const refused: string[] = [];
  const answer = answerRequest(
    { ...REQUEST, ...change },
    {
      take,
      refused: ({ code }) => refused.push(code),
    },
  );
  return { answer, refused };
}

test("what was taken is answered with the header of the request, turned round", () => {
  const { answer, refused } = answered(() => undefined);
  assert.deepEqual(answer, {
    ProtocolVersion: "1.1",
    SenderID: "000001",
    ReceiverID: "0x70B3D57ED0000001",
    TransactionID: 7,
    MessageType: "RootKeyUpdateAns",
    ReceiverToken: "t",
    Result: { ResultCode: "Success" },
  });
  assert.deepEqual(refused, []);
});

test("a refusal is told with its code, and the peer gets the Result without the text", () => {
  const results: [ErrorCode, string][] = [
    ["device-unknown", "UnknownDevEUI"],
    ["sender-unknown", "UnknownSender"],
    ["receiver-unknown", "UnkownReceiver"],
    ["f-port-contradiction", "InvalidFPort"],
    ["activation-disallowed", "ActivationDisallowed"],
    ["storage-failed", "Other"],
    ["frame-too-short", "MalformedRequest"],
  ];
  for (const [code, resultCode] of results) {
    const { answer, refused } = answered(() => {
      throw new WarrenError(code, "an inner text");
    });
    assert.deepEqual(answer["Result"], { ResultCode: resultCode });
    assert.deepEqual(refused, [code]);
  }
});

test("another protocol version is refused before anything is done", () => {
  const { answer, refused } = answered(() => assert.fail("taken"), { ProtocolVersion: "2.0" });
  assert.deepEqual(answer["Result"], { ResultCode: "InvalidProtocolVersion" });
  assert.equal(answer["ProtocolVersion"], "1.0");
  assert.deepEqual(refused, ["protocol-version-unknown"]);
});

test("without a readable header there is no answer, and a defect is none either", () => {
  for (const change of [{ TransactionID: "x" }, { ReceiverID: undefined }]) {
    assert.throws(() => answered(() => undefined, change), warrenError("request-malformed"));
  }
  assert.throws(
    () =>
      answered(() => {
        throw new TypeError("defect");
      }),
    TypeError,
  );
});
