import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import { initialDeviceState } from "../../src/root-key/device-state.ts";
import {
  keysForNextJoin,
  nextRootKeyUplink,
  receiveNewKeyReadyAns,
  receiveRootKeyUpdateReq,
} from "../../src/root-key/device-update.ts";
import { equalRootKeys } from "../../src/root-key/root-keys.ts";
import { initialServerState, type ServerUpdateState } from "../../src/root-key/server-state.ts";
import {
  failUpdate,
  joinVerified,
  keysToTryForJoin,
  receiveNewKeyReadyReq,
  receiveRootKeyUpdateAns,
  repeatRequest,
  startUpdate,
} from "../../src/root-key/server-update.ts";
import { ALL_SUITES, Suite } from "../../src/root-key/suite.ts";
import { keysAsHex } from "../support/keys-as-hex.ts";
import { fixedRandom, identity, rootKeys, session } from "./fixtures.ts";

const fresh = initialServerState(identity, rootKeys(1));
const device = initialDeviceState(identity, rootKeys(1));
const hasCode = (code: string) => (error: unknown) =>
  error instanceof WarrenError && error.code === code;

function start(state: ServerUpdateState, suite: Suite = Suite.Rabbit) {
  return startUpdate(state, {
    suite,
    isHealing: false,
    random: fixedRandom("010203"),
    allowRabbitSplit: false,
  });
}

/** The device after it has answered a request in session `number`, and its NewKeyReadyReq. */
function answerOf(request: Uint8Array, number: number) {
  const { state } = receiveRootKeyUpdateReq(device, request, session(number), {
    random: fixedRandom("a1a2a3a4"),
    supportedSuites: ALL_SUITES,
    supportsHealing: true,
    isBusy: false,
  });
  const next = nextRootKeyUplink(state, 242);
  assert.ok(next.octets);
  return { state: next.state, octets: next.octets };
}

const prepared = start(fresh);
const ready = answerOf(prepared.request, 1);
const confirmed = receiveNewKeyReadyReq(prepared.state, ready.octets, [session(2), session(1)]);
const accepted = receiveRootKeyUpdateAns(prepared.state, parseHex("80010000")).state;
const committed = joinVerified(confirmed.state, "candidate");
const failed = failUpdate(confirmed.state, "aborted");

describe("starting an update", () => {
  it("takes the next UpdateID and draws a nonce", () => {
    assert.deepEqual(prepared.state.update, {
      updateId: 1,
      suite: Suite.Rabbit,
      isHealing: false,
      jsNonce: "010203",
      jsPublicKey: undefined,
      status: "prepared",
      reason: undefined,
      wrongMics: 0,
      fragments: undefined,
    });
    assert.equal(prepared.state.lastUpdateId, 1);
    assert.equal(start(prepared.state).state.update?.updateId, 2);
  });

  it("gives up the one under way, with its candidate", () => {
    const next = start(confirmed.state).state;
    assert.equal(next.candidateKeys, undefined);
    assert.equal(next.update?.updateId, 2);
    assert.ok(equalRootKeys(next.currentKeys, fresh.currentKeys));
  });

  it("takes suite 0 only when it is switched on", () => {
    assert.throws(() => start(fresh, Suite.RabbitSplit), hasCode("suite-not-allowed"));
    const started = startUpdate(fresh, {
      suite: Suite.RabbitSplit,
      isHealing: false,
      random: fixedRandom("010203"),
      allowRabbitSplit: true,
    });
    assert.equal(started.state.update?.suite, Suite.RabbitSplit);
  });

  it("never uses an UpdateID again", () => {
    const last = start({ ...fresh, lastUpdateId: 0xfffe });
    assert.equal(last.state.update?.updateId, 0xffff);
    assert.throws(() => start(last.state), hasCode("update-id-exhausted"));
  });

  it("repeats the same octets while it waits for the device, and only then", () => {
    assert.deepEqual(repeatRequest(prepared.state), prepared.request);
    assert.deepEqual(repeatRequest(accepted), prepared.request);
    for (const state of [fresh, confirmed.state, committed, failed]) {
      assert.throws(() => repeatRequest(state), hasCode("update-not-found"));
    }
  });
});

describe("RootKeyUpdateAns", () => {
  it("accepts or ends an update that is prepared", () => {
    assert.equal(accepted.update?.status, "accepted");
    for (const [octets, reason] of [
      ["80010001", "suite-not-supported"],
      ["80010002", "busy"],
    ] as const) {
      const { state, ignored } = receiveRootKeyUpdateAns(prepared.state, parseHex(octets));
      assert.equal(ignored, undefined);
      assert.deepEqual(state.update, { ...prepared.state.update, status: "failed", reason });
    }
  });

  it("means nothing to any other", () => {
    const busy = parseHex("80010002");
    for (const state of [fresh, accepted, confirmed.state, committed, failed]) {
      assert.deepEqual(receiveRootKeyUpdateAns(state, busy), {
        state,
        ignored: "update-not-found",
      });
    }
    const other = receiveRootKeyUpdateAns(prepared.state, parseHex("80020002"));
    assert.deepEqual(other, { state: prepared.state, ignored: "update-not-found" });
  });
});

describe("NewKeyReadyReq", () => {
  it("confirms the candidate with either session and keeps the current keys", () => {
    assert.equal(confirmed.state.update?.status, "confirmed");
    assert.deepEqual(keysAsHex(confirmed.provenSession), keysAsHex(session(1)));
    assert.ok(equalRootKeys(confirmed.state.currentKeys, fresh.currentKeys));
    assert.ok(confirmed.state.candidateKeys && ready.state.candidate);
    assert.ok(equalRootKeys(confirmed.state.candidateKeys, ready.state.candidate.keys));
    const fromAccepted = receiveNewKeyReadyReq(accepted, ready.octets, [session(1)]);
    assert.equal(fromAccepted.state.update?.status, "confirmed");
  });

  it("gets the same answer again, whatever sessions there are by now", () => {
    const again = receiveNewKeyReadyReq(confirmed.state, ready.octets, []);
    assert.equal(again.state, confirmed.state);
    assert.deepEqual(again.answer, confirmed.answer);
    assert.equal(again.ignored, undefined);
  });

  it("fails the update when it fits no session three times", () => {
    let { state } = prepared;
    for (const status of ["prepared", "prepared", "failed"]) {
      const received = receiveNewKeyReadyReq(state, ready.octets, [session(3), session(2)]);
      assert.equal(received.ignored, "mic-mismatch");
      assert.equal(received.answer, undefined);
      state = received.state;
      assert.equal(state.update?.status, status);
    }
    assert.equal(state.update?.reason, "wrong-mics");
    assert.equal(state.update?.wrongMics, 3);
  });

  it("cannot undo a confirmation with a wrong MIC", () => {
    const wrong = ready.octets.slice();
    wrong[10] = (wrong[10] as number) ^ 1;
    for (let time = 0; time < 5; time++) {
      const received = receiveNewKeyReadyReq(confirmed.state, wrong, [session(1)]);
      assert.equal(received.state, confirmed.state);
      assert.equal(received.ignored, "mic-mismatch");
    }
  });

  it("means nothing to another update, or to one that is over", () => {
    const other = start(prepared.state).state;
    for (const state of [fresh, other, committed, failed]) {
      const received = receiveNewKeyReadyReq(state, ready.octets, [session(1)]);
      assert.equal(received.state, state);
      assert.equal(received.answer, undefined);
      assert.equal(received.ignored, "update-not-found");
    }
  });
});

describe("a Join-Request", () => {
  it("is tried with the candidate first, in confirmed alone", () => {
    const tried = (state: ServerUpdateState) => keysToTryForJoin(state).map(({ which }) => which);
    assert.deepEqual(tried(confirmed.state), ["candidate", "current"]);
    for (const state of [fresh, prepared.state, accepted, committed, failed]) {
      assert.deepEqual(tried(state), ["current"]);
    }
  });

  it("commits the update under the candidate, and the old keys are gone", () => {
    assert.equal(committed.currentKeys, confirmed.state.candidateKeys);
    assert.equal(committed.candidateKeys, undefined);
    assert.equal(committed.generation, 1);
    assert.equal(committed.update?.status, "committed");
  });

  it("fails a confirmed update under the current keys", () => {
    const after = joinVerified(confirmed.state, "current");
    assert.equal(after.candidateKeys, undefined);
    assert.equal(after.generation, 0);
    assert.equal(after.update?.status, "failed");
    assert.equal(after.update?.reason, "joined-with-current-keys");
  });

  it("leaves every other state alone under the current keys", () => {
    for (const state of [fresh, prepared.state, accepted, committed, failed]) {
      assert.equal(joinVerified(state, "current"), state);
    }
  });

  it("cannot commit what is not there", () => {
    for (const state of [fresh, prepared.state, committed, failed]) {
      assert.throws(() => joinVerified(state, "candidate"), hasCode("update-not-found"));
    }
  });
});

describe("ending an update", () => {
  it("drops the candidate, with the reason", () => {
    for (const state of [prepared.state, accepted, confirmed.state]) {
      const ended = failUpdate(state, "expired");
      assert.equal(ended.update?.status, "failed");
      assert.equal(ended.update?.reason, "expired");
      assert.equal(ended.candidateKeys, undefined);
      assert.equal(ended.currentKeys, state.currentKeys);
    }
  });

  it("is for updates under way", () => {
    for (const state of [fresh, committed, failed]) {
      assert.throws(() => failUpdate(state, "aborted"), hasCode("update-not-found"));
    }
  });
});

describe("why the invariant alone is too weak", () => {
  it("holds although a device is lost whose Join Server erased the old keys too early", () => {
    const tooEarly = joinVerified(confirmed.state, "candidate");
    // The answer is lost, and so is every repeat: the device never learns that it was heard.
    const lost = ready.state;
    assert.ok(lost.candidate);
    assert.ok(equalRootKeys(tooEarly.currentKeys, lost.candidate.keys), "the invariant holds");

    const join = keysForNextJoin(lost);
    const tried = keysToTryForJoin(tooEarly);
    assert.equal(join.which, "current");
    assert.ok(!tried.some(({ keys }) => equalRootKeys(keys, join.keys)), "no join is possible");
    const next = start(tooEarly);
    const received = receiveRootKeyUpdateReq(lost, next.request, session(1), {
      random: fixedRandom("a1a2a3a4"),
      supportedSuites: ALL_SUITES,
      supportsHealing: true,
      isBusy: false,
    });
    assert.equal(received.ignored, "mic-mismatch", "nor a new update");
    const late = receiveNewKeyReadyReq(tooEarly, ready.octets, [session(1)]);
    assert.equal(late.answer, undefined, "nor an answer to what the device repeats");
    assert.ok(confirmed.answer && receiveNewKeyReadyAns(lost, confirmed.answer).mustJoin);
  });
});
