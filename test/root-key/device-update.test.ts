import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { deriveRkuIntKey } from "../../src/root-key/derivation/rku-int-key.ts";
import {
  newKeyReadyAnsMic,
  rootKeyUpdateReqMic,
} from "../../src/root-key/derivation/update-mic.ts";
import { type DeviceUpdateState, initialDeviceState } from "../../src/root-key/device-state.ts";
import {
  joinAccepted,
  keysForNextJoin,
  nextRootKeyUplink,
  type RequestOptions,
  receiveNewKeyReadyAns,
  receiveRootKeyUpdateReq,
} from "../../src/root-key/device-update.ts";
import { encodeRootKeyUpdateReq, UpdateAnswerStatus } from "../../src/root-key/messages.ts";
import { equalRootKeys } from "../../src/root-key/root-keys.ts";
import { ALL_SUITES, Suite } from "../../src/root-key/suite.ts";
import { fixedRandom, identity, rootKeys, session } from "./fixtures.ts";

const fresh = initialDeviceState(identity, rootKeys(1));
const willing: RequestOptions = {
  random: fixedRandom("a1a2a3a4"),
  supportedSuites: ALL_SUITES,
  supportsHealing: true,
  isBusy: false,
};

function request(updateId: number, suite: number = Suite.Rabbit, keys = fresh.currentKeys) {
  const binding = { ...identity, updateId, suite, jsNonce: Uint8Array.of(1, 2, 3) };
  const mic = rootKeyUpdateReqMic(deriveRkuIntKey(keys, identity.devEui), binding);
  return encodeRootKeyUpdateReq({ ...binding, mic });
}

function receive(state: DeviceUpdateState, octets: Uint8Array, options = willing) {
  return receiveRootKeyUpdateReq(state, octets, session(1), options);
}

/** The NewKeyReadyAns that a Join Server with the same candidate would send. */
function readyAns({ candidate }: DeviceUpdateState): Uint8Array {
  assert.ok(candidate);
  const mic = newKeyReadyAnsMic(candidate.keys, {
    ...identity,
    updateId: candidate.updateId,
    suite: candidate.suite,
    jsNonce: parseHex(candidate.jsNonce),
    edNonce: parseHex(candidate.edNonce),
  });
  return Uint8Array.of(0x81, candidate.updateId & 0xff, candidate.updateId >> 8, ...mic);
}

const derived = receive(fresh, request(1)).state;
const switching = receiveNewKeyReadyAns(derived, readyAns(derived)).state;

/** Which keys the next joins are made with, c or C. */
function nextJoins(state: DeviceUpdateState, count: number): string {
  let now = state;
  let text = "";
  for (let attempt = 0; attempt < count; attempt++) {
    const next = keysForNextJoin(now);
    const expected = next.which === "current" ? now.currentKeys : now.candidate?.keys;
    assert.ok(expected && equalRootKeys(next.keys, expected));
    text += next.which === "current" ? "-" : "N";
    now = next.state;
  }
  return text;
}

describe("a device that receives RootKeyUpdateReq", () => {
  it("derives a candidate and keeps its current keys", () => {
    const { state, answer, ignored } = receive(fresh, request(1));
    assert.equal(ignored, undefined);
    assert.equal(formatHex(answer ?? Uint8Array.of()), "80010000");
    assert.ok(equalRootKeys(state.currentKeys, fresh.currentKeys));
    assert.ok(state.candidate && !equalRootKeys(state.candidate.keys, fresh.currentKeys));
    assert.equal(state.lastUpdateId, 1);
    assert.equal(state.candidate.isConfirmed, false);
    assert.equal(state.candidate.edNonce, "a1a2a3a4");
    assert.equal(nextJoins(state, 4), "----");
  });

  it("says nothing to a wrong MIC in any octet", () => {
    for (let index = 1; index < 11; index++) {
      const octets = request(0x0101);
      octets[index] = (octets[index] as number) ^ 0x10;
      assert.deepEqual(receive(fresh, octets), {
        state: fresh,
        answer: undefined,
        ignored: "mic-mismatch",
      });
    }
    assert.equal(
      receive(fresh, request(1, Suite.Rabbit, rootKeys(9))).ignored,
      "mic-mismatch",
      "the request was made with other root keys",
    );
  });

  it("says nothing to an UpdateID that is not above the last it accepted", () => {
    const after5 = receive(fresh, request(5)).state;
    for (const updateId of [0, 4, 5]) {
      const received = receive(after5, request(updateId));
      assert.deepEqual(received, {
        state: after5,
        answer: undefined,
        ignored: "update-id-replayed",
      });
    }
    assert.equal(receive(after5, request(6)).state.lastUpdateId, 6);
    assert.equal(receive(fresh, request(0)).ignored, "update-id-replayed");
  });

  it("refuses suites it does not have, and updates while it is busy, and can be asked again", () => {
    const refusals = [
      [request(1, 4), willing, UpdateAnswerStatus.SuiteNotSupported],
      [request(1, 0x81), willing, UpdateAnswerStatus.SuiteNotSupported],
      [
        request(1, Suite.RabbitSplit),
        { ...willing, supportedSuites: [Suite.Rabbit] },
        UpdateAnswerStatus.SuiteNotSupported,
      ],
      [request(1), { ...willing, isBusy: true }, UpdateAnswerStatus.Busy],
    ] as const;
    for (const [octets, options, status] of refusals) {
      const { state, answer } = receive(fresh, octets, options);
      assert.equal(state, fresh);
      assert.deepEqual(answer, Uint8Array.of(0x80, 1, 0, status));
    }
    assert.equal(receive(fresh, request(1)).state.lastUpdateId, 1);
  });

  it("drops an older candidate, confirmed or not", () => {
    for (const state of [derived, switching]) {
      const next = receive(state, request(2)).state;
      assert.equal(next.candidate?.updateId, 2);
      assert.ok(!next.candidate.isConfirmed);
      assert.equal(nextJoins(next, 3), "---");
    }
  });

  it("counts the joins under its candidate anew with each candidate", () => {
    const tried = keysForNextJoin(switching).state;
    const later = receive(tried, request(2)).state;
    const confirmed = receiveNewKeyReadyAns(later, readyAns(later)).state;
    assert.equal(nextJoins(confirmed, 3), "NN-");
  });

  it("throws on octets that are no request", () => {
    assert.throws(
      () => receive(fresh, request(1).slice(1)),
      (error) => error instanceof WarrenError && error.code === "frame-malformed",
    );
  });
});

describe("a device that has new keys ready", () => {
  it("says so with the 1st, 2nd, 4th ... 128th uplink, always the same, eight times", () => {
    let state = derived;
    const sentWith: number[] = [];
    const octetsSent = new Set<string>();
    for (let uplink = 1; uplink <= 400; uplink++) {
      const next = nextRootKeyUplink(state, 242);
      if (next.octets !== undefined) {
        sentWith.push(uplink);
        octetsSent.add(formatHex(next.octets));
      }
      state = next.state;
    }
    assert.deepEqual(sentWith, [1, 2, 4, 8, 16, 32, 64, 128]);
    assert.equal(octetsSent.size, 1);
  });

  it("has nothing to say without a candidate, or with one that is confirmed", () => {
    assert.deepEqual(nextRootKeyUplink(fresh, 242), { state: fresh, octets: undefined });
    assert.deepEqual(nextRootKeyUplink(switching, 242), { state: switching, octets: undefined });
  });

  it("joins when the Join Server has proven the keys too, once", () => {
    const first = receiveNewKeyReadyAns(derived, readyAns(derived));
    assert.ok(first.mustJoin && first.state.candidate?.isConfirmed);
    assert.deepEqual(receiveNewKeyReadyAns(first.state, readyAns(derived)), {
      state: first.state,
      mustJoin: false,
      ignored: "update-not-found",
    });
  });

  it("ignores answers with a wrong MIC, to another update, or to none", () => {
    const wrong = readyAns(derived);
    wrong[6] = (wrong[6] as number) ^ 1;
    assert.equal(receiveNewKeyReadyAns(derived, wrong).ignored, "mic-mismatch");
    const later = receive(derived, request(2)).state;
    assert.equal(receiveNewKeyReadyAns(later, readyAns(derived)).ignored, "update-not-found");
    assert.equal(receiveNewKeyReadyAns(fresh, readyAns(derived)).ignored, "update-not-found");
  });
});

describe("a device that joins", () => {
  it("tries the candidate twice, then the current keys, and so on", () => {
    assert.equal(nextJoins(switching, 9), "NN-NN-NN-");
    assert.equal(nextJoins(fresh, 3), "---");
  });

  it("makes the candidate current and forgets the old keys", () => {
    const joined = joinAccepted(keysForNextJoin(switching).state, "candidate");
    assert.ok(switching.candidate);
    assert.equal(joined.currentKeys, switching.candidate.keys);
    assert.equal(joined.candidate, undefined);
    assert.equal(joined.joinAttempt, 0);
    assert.equal(joined.lastUpdateId, 1);
    assert.equal(nextJoins(joined, 3), "---");
  });

  it("keeps the candidate on a join with the current keys, for later joins", () => {
    const joined = joinAccepted(keysForNextJoin(switching).state, "current");
    assert.equal(joined.candidate, switching.candidate);
    assert.equal(nextJoins(joined, 3), "NN-");
    assert.deepEqual(joinAccepted(fresh, "current"), fresh);
  });

  it("cannot switch to keys that it does not have or that are not confirmed", () => {
    for (const state of [fresh, derived]) {
      assert.throws(
        () => joinAccepted(state, "candidate"),
        (error) => error instanceof WarrenError && error.code === "update-not-found",
      );
    }
  });
});
