import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { ErrorCode } from "../../../src/errors.ts";
import { resultOfDefect, resultOfError } from "../../../src/server/join-server/result-of-error.ts";
import { JoinServerRig } from "../../support/join-server-rig.ts";
import { TestDevice } from "../../support/test-device.ts";

const SOURCE = join(import.meta.dirname, "../../../src");
/** Folders and files whose errors can come out of a join, a rejoin, a key request or an update. */
const REACHED = [
  "join-server/joins",
  "join-server/root-key-updates",
  "join-server/join-server.ts",
  "join-server/save-with-retry.ts",
  "lorawan/join",
  "lorawan/keys",
  "lorawan/hex.ts",
  "lorawan/identifiers.ts",
  "lorawan/byte-reader.ts",
  "lorawan/byte-writer.ts",
  "lorawan/frame-mic.ts",
  "lorawan/mac-version.ts",
  "lorawan/mhdr.ts",
  "root-key",
  "crypto/aes128.ts",
  "crypto/aes-cmac.ts",
  "backend/header.ts",
  "backend/members.ts",
  "backend/join-messages.ts",
  "backend/key-messages.ts",
  "backend/root-key-messages.ts",
  "storage/sqlite-database.ts",
  "storage/join-server",
];

function sourceFiles(path: string): string[] {
  const full = join(SOURCE, path);
  if (path.endsWith(".ts")) return [full];
  return readdirSync(full, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(full, name));
}

/** Every code in a `new WarrenError("...")` of those files. */
function thrownCodes(): ErrorCode[] {
  const codes = new Set<ErrorCode>();
  for (const file of REACHED.flatMap(sourceFiles)) {
    const text = readFileSync(file, "utf8");
    for (const [, argument] of text.matchAll(/new WarrenError\(([^;]*?),/g)) {
      for (const [, code] of (argument as string).matchAll(/"([a-z0-9-]+)"/g)) {
        codes.add(code as ErrorCode);
      }
    }
  }
  return [...codes];
}

describe("resultOfError", () => {
  it("has an answer of its own for every code that a message can lead to", () => {
    const codes = thrownCodes();
    assert.ok(codes.length >= 20, codes.join());
    const thrownBeforeAnyMessage: ErrorCode[] = ["data-folder-in-use", "configuration-invalid"];
    const thrownToOperators: ErrorCode[] = ["update-not-deliverable", "peer-unreachable"];
    const notThrownToPeers = [...thrownBeforeAnyMessage, ...thrownToOperators];
    const unmapped = codes.filter(
      (code) => resultOfError(code, "1.0") === resultOfDefect() && !notThrownToPeers.includes(code),
    );
    assert.deepEqual(unmapped, []);
  });

  it("says the codes of 1.1 to peers of 1.1 alone", () => {
    const expected: [ErrorCode, string, string][] = [
      ["request-malformed", "MalformedRequest", "MalformedMessage"],
      ["frame-too-long", "MalformedRequest", "MalformedMessage"],
      ["version-contradiction", "MalformedRequest", "MalformedMessage"],
      ["identity-contradiction", "MalformedRequest", "MalformedMessage"],
      ["dev-nonce-replayed", "JoinReqFailed", "FrameReplayed"],
      ["rj-count-replayed", "JoinReqFailed", "FrameReplayed"],
      ["join-nonce-exhausted", "JoinReqFailed", "JoinReqFailed"],
      ["mic-mismatch", "MICFailed", "MICFailed"],
      ["device-unknown", "UnknownDevEUI", "UnknownDevEUI"],
      ["session-unknown", "UnknownDevEUI", "UnknownDevEUI"],
      ["sender-unknown", "UnknownSender", "UnknownSender"],
      ["receiver-unknown", "UnkownReceiver", "UnkownReceiver"],
      ["activation-disallowed", "ActivationDisallowed", "ActivationDisallowed"],
      ["update-not-allowed", "Deferred", "Deferred"],
      ["protocol-version-unknown", "InvalidProtocolVersion", "InvalidProtocolVersion"],
      ["storage-failed", "Other", "Other"],
    ];
    for (const [code, in10, in11] of expected) {
      assert.equal(resultOfError(code, "1.0").resultCode, in10, code);
      assert.equal(resultOfError(code, "1.1").resultCode, in11, code);
      assert.ok(resultOfError(code, "1.0").description);
    }
  });

  it("says nothing of what it does not know", () => {
    assert.deepEqual(resultOfError("unauthorized", "1.0"), {
      resultCode: "Other",
      description: "Internal error",
    });
  });
});

describe("a defect of the Join Server", () => {
  it("is answered as Other without a word about it, and logged with its stack", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    rig.store.saveDevice = () => {
      throw new TypeError("an inner secret");
    };
    const answer = await rig.askJoin(device, device.joinRequest());
    assert.deepEqual(answer["Result"], { ResultCode: "Other", Description: "Internal error" });
    assert.ok(!("PHYPayload" in answer));
    const line = rig.log.lines.find((text) => text.includes('"event":"defect"'));
    assert.match(line ?? "", /an inner secret.*"stack"/);
  });

  it("is told from a storage that fails", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    rig.store.close();
    const answer = await rig.askJoin(device, device.joinRequest());
    assert.deepEqual(answer["Result"], {
      ResultCode: "Other",
      Description: "Storage failed; ask again later",
    });
    assert.equal((await rig.call("GET", "devices")).status, 503);
  });
});
