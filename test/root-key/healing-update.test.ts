import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exportAes128Key, isAes128Key } from "../../src/crypto/aes128.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { deriveCandidateKeys } from "../../src/root-key/derivation/derive-root-keys.ts";
import { deriveRkuIntKey } from "../../src/root-key/derivation/rku-int-key.ts";
import { rootKeyUpdateReqMic } from "../../src/root-key/derivation/update-mic.ts";
import { type DeviceUpdateState, initialDeviceState } from "../../src/root-key/device-state.ts";
import {
  nextRootKeyUplink,
  type RequestOptions,
  receiveRootKeyFragment as receiveFragmentOnDevice,
  receiveNewKeyReadyAns,
  receiveRootKeyUpdateReq,
} from "../../src/root-key/device-update.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import {
  decodeHealingKeyReadyReq,
  encodeHealingUpdateReq,
  encodeNewKeyReadyReq,
} from "../../src/root-key/messages.ts";
import { equalRootKeys } from "../../src/root-key/root-keys.ts";
import { initialServerState, type ServerUpdateState } from "../../src/root-key/server-state.ts";
import {
  failUpdate,
  joinVerified,
  receiveNewKeyReadyReq,
  receiveRootKeyFragment,
  receiveRootKeyUpdateAns,
  repeatRequest,
  startUpdate,
} from "../../src/root-key/server-update.ts";
import { ALL_SUITES, parseSuiteOctet, Suite, suiteOctet } from "../../src/root-key/suite.ts";
import { identity, rootKeys, session } from "./fixtures.ts";

const device = initialDeviceState(identity, rootKeys(1));
const fresh = initialServerState(identity, rootKeys(1));
const willing: RequestOptions = {
  random: systemRandomBytes,
  supportedSuites: ALL_SUITES,
  supportsHealing: true,
  isBusy: false,
};

function start(state: ServerUpdateState, isHealing = true) {
  const options = { suite: Suite.Rabbit, isHealing, random: systemRandomBytes };
  return startUpdate(state, { ...options, allowRabbitSplit: false });
}

function receive(octets: Uint8Array, options = willing, state = device) {
  return receiveRootKeyUpdateReq(state, octets, session(1), options);
}

const prepared = start(fresh);
const derived = receive(prepared.request).state;
const ready = nextRootKeyUplink(derived, 43).octets as Uint8Array;
const confirm = (octets: Uint8Array, state = prepared.state) =>
  receiveNewKeyReadyReq(state, octets, [session(2), session(1)]);
const confirmed = confirm(ready);

describe("the octet that names suite and kind", () => {
  it("goes both ways and knows no other suites", () => {
    for (const suite of ALL_SUITES) {
      for (const isHealing of [false, true]) {
        const octet = suiteOctet(suite, isHealing);
        assert.equal(octet, suite + (isHealing ? 0x80 : 0));
        assert.deepEqual(parseSuiteOctet(octet), { suite, isHealing });
      }
    }
    for (const octet of [4, 0x7f, 0x84, 0xff]) assert.equal(parseSuiteOctet(octet), undefined);
  });
});

describe("a healing update at the Join Server", () => {
  it("keeps the private key until the device has proven the keys or the attempt ends", () => {
    const accepted = receiveRootKeyUpdateAns(prepared.state, parseHex("80010000")).state;
    assert.ok(prepared.state.x25519PrivateKey && accepted.x25519PrivateKey);
    assert.equal(accepted.update?.status, "accepted");
    assert.deepEqual(repeatRequest(accepted), prepared.request);
    const anew = start(prepared.state).state;
    assert.ok(anew.x25519PrivateKey);
    assert.notEqual(anew.update?.jsPublicKey, prepared.state.update?.jsPublicKey);
    for (const state of [
      confirmed.state,
      joinVerified(confirmed.state, "candidate"),
      joinVerified(confirmed.state, "current"),
      failUpdate(prepared.state, "aborted"),
      failUpdate(accepted, "expired"),
      receiveRootKeyUpdateAns(prepared.state, parseHex("80010002")).state,
      start(prepared.state, false).state,
    ]) {
      assert.equal(state.x25519PrivateKey, undefined, state.update?.status);
    }
  });

  it("has other new keys than a plain one, with everything else equal", () => {
    const { candidate } = derived;
    assert.ok(candidate && confirmed.state.candidateKeys);
    assert.ok(equalRootKeys(candidate.keys, confirmed.state.candidateKeys));
    const binding = {
      ...identity,
      updateId: 1,
      jsNonce: parseHex(candidate.jsNonce),
      edNonce: parseHex(candidate.edNonce),
    };
    for (const plain of [
      deriveCandidateKeys(rootKeys(1), { ...binding, suite: Suite.Rabbit }, session(1)),
      deriveCandidateKeys(
        rootKeys(1),
        { ...binding, suite: suiteOctet(Suite.Rabbit, true) },
        session(1),
        new Uint8Array(32),
      ),
    ]) {
      assert.ok(!equalRootKeys(plain, candidate.keys));
    }
  });

  it("cannot be derived without a secret, nor a plain one with one", () => {
    const transcript = {
      ...identity,
      updateId: 1,
      jsNonce: new Uint8Array(3),
      edNonce: new Uint8Array(4),
    };
    for (const [suite, secret] of [
      [0x81, undefined],
      [0x81, new Uint8Array(31)],
      [0x01, new Uint8Array(32)],
      [0x84, new Uint8Array(32)],
      [0x04, undefined],
    ] as const) {
      assert.throws(
        () => deriveCandidateKeys(rootKeys(1), { ...transcript, suite }, session(1), secret),
        (error) => error instanceof WarrenError && error.code === "value-out-of-range",
      );
    }
  });

  it("gives the same answer to a repeat, whole or in fragments, from storage", () => {
    const again = confirm(ready, confirmed.state);
    assert.equal(again.state, confirmed.state);
    assert.deepEqual(again.answer, confirmed.answer);
    for (const fragment of splitIntoFragments(ready)) {
      assert.deepEqual(receiveRootKeyFragment(confirmed.state, fragment), {
        state: confirmed.state,
        message: ready,
        ignored: undefined,
      });
      const forged = fragment.slice();
      forged[2] = (forged[2] as number) ^ 1;
      assert.deepEqual(receiveRootKeyFragment(confirmed.state, forged), {
        state: confirmed.state,
        message: undefined,
        ignored: "mic-mismatch",
      });
    }
  });

  it("counts a proof with any octet changed as wrong, and forgets the fragments at the end", () => {
    for (let index = 3; index < ready.length; index++) {
      const wrong = ready.slice();
      wrong[index] = (wrong[index] as number) ^ 0x80;
      const received = confirm(wrong);
      assert.equal(received.ignored, "mic-mismatch", `octet ${index}`);
      assert.equal(received.state.update?.wrongMics, 1);
      assert.ok(received.state.x25519PrivateKey);
    }
  });

  it("counts a public key without a secret as a wrong proof; three end the update", () => {
    let { state } = prepared;
    const octets = ready.slice();
    octets.fill(0, 7, 39);
    const first = receiveRootKeyFragment(state, splitIntoFragments(ready)[0] as Uint8Array);
    state = first.state;
    assert.ok(state.update?.fragments);
    for (const status of ["prepared", "prepared", "failed"]) {
      const received = confirm(octets, state);
      assert.equal(received.ignored, "mic-mismatch");
      state = received.state;
      assert.equal(state.update?.status, status);
    }
    assert.equal(state.update?.reason, "wrong-mics");
    assert.equal(state.update?.fragments, undefined);
    assert.equal(state.x25519PrivateKey, undefined);
  });

  it("takes its own public key back for nothing", () => {
    const message = decodeHealingKeyReadyReq(ready);
    const octets = Uint8Array.of(
      ...ready.slice(0, 7),
      ...parseHex(prepared.state.update?.jsPublicKey as string),
      ...message.mic,
    );
    assert.equal(confirm(octets).ignored, "mic-mismatch");
  });

  it("is never ended in the form of the other kind", () => {
    const { updateId, edNonce, mic } = decodeHealingKeyReadyReq(ready);
    const plainForm = encodeNewKeyReadyReq({ updateId, edNonce, mic });
    for (const [octets, state] of [
      [plainForm, prepared.state],
      [plainForm, confirmed.state],
      [ready, start(fresh, false).state],
    ] as const) {
      const received = confirm(octets, state);
      assert.equal(received.state, state);
      assert.equal(received.answer, undefined);
      assert.equal(received.ignored, "update-not-found");
    }
  });

  it("keeps no fragments once it is over, nor the device of a request that it has", () => {
    assert.ok(confirmed.state.update?.fragments);
    assert.equal(joinVerified(confirmed.state, "candidate").update?.fragments, undefined);
    const [fragment = Uint8Array.of()] = splitIntoFragments(prepared.request);
    const collecting = receiveFragmentOnDevice(device, fragment).state;
    assert.ok(collecting.fragments);
    assert.equal(receive(prepared.request, willing, collecting).state.fragments, undefined);
  });

  it("keeps fragments for itself alone, of its own attempt", () => {
    const fragment = splitIntoFragments(ready)[0] as Uint8Array;
    const committed = joinVerified(confirmed.state, "candidate");
    const other = start(prepared.state).state;
    for (const state of [fresh, start(fresh, false).state, committed, other]) {
      assert.deepEqual(receiveRootKeyFragment(state, fragment), {
        state,
        message: undefined,
        ignored: "update-not-found",
      });
    }
  });
});

describe("a healing update at the device", () => {
  /** A request that somebody with the root keys has made. */
  function requestWith(jsPublicKey: Uint8Array, suite: number = suiteOctet(Suite.Rabbit, true)) {
    const jsNonce = Uint8Array.of(1, 2, 3);
    const binding = { ...identity, updateId: 1, suite, jsNonce, jsPublicKey };
    const mic = rootKeyUpdateReqMic(deriveRkuIntKey(rootKeys(1), identity.devEui), binding);
    return encodeHealingUpdateReq({ ...binding, mic });
  }

  it("keeps no private key", () => {
    const drawn: string[] = [];
    const { state } = receive(prepared.request, {
      ...willing,
      random: (lengthBytes) => {
        const bytes = systemRandomBytes(lengthBytes);
        if (lengthBytes === 32) drawn.push(formatHex(bytes));
        return bytes;
      },
    });
    const stored = JSON.stringify(state, (_, value) =>
      isAes128Key(value) ? formatHex(exportAes128Key(value)) : value,
    );
    assert.equal(drawn.length, 1);
    assert.ok(!stored.includes(drawn[0] as string));
  });

  it("says that it does not support the kind, once the request is verified", () => {
    const unable = { ...willing, supportsHealing: false };
    const { state, answer } = receive(prepared.request, unable);
    assert.equal(state, device);
    assert.equal(formatHex(answer as Uint8Array), "80010001");
    const wrong = prepared.request.slice();
    wrong[42] = (wrong[42] as number) ^ 1;
    assert.equal(receive(wrong, unable).answer, undefined);
    const unknownSuite = receive(requestWith(new Uint8Array(32).fill(9), 0x84));
    assert.equal(formatHex(unknownSuite.answer as Uint8Array), "80010001");
  });

  it("says nothing to a request with any octet changed", () => {
    for (let index = 3; index < 43; index++) {
      const wrong = prepared.request.slice();
      wrong[index] = (wrong[index] as number) ^ 0x40;
      assert.equal(receive(wrong).ignored, "mic-mismatch", `octet ${index}`);
    }
  });

  it("says nothing to a public key without a secret, and uses up no UpdateID", () => {
    const received = receive(requestWith(new Uint8Array(32)));
    assert.deepEqual(received, { state: device, answer: undefined, ignored: "mic-mismatch" });
    assert.equal(receive(requestWith(new Uint8Array(32).fill(9))).ignored, undefined);
  });

  it("takes the answer of its own attempt alone", () => {
    assert.ok(receiveNewKeyReadyAns(derived, confirmed.answer as Uint8Array).mustJoin);
    const otherDraw = receive(prepared.request).state;
    const received = receiveNewKeyReadyAns(otherDraw, confirmed.answer as Uint8Array);
    assert.equal(received.ignored, "mic-mismatch");
  });
});

describe("a healing NewKeyReadyReq in uplinks", () => {
  /** Which uplinks carry something, with the index of the fragment or W for the whole. */
  function sendings(rooms: readonly number[]): string {
    let state: DeviceUpdateState = derived;
    let text = "";
    for (const room of rooms) {
      const next = nextRootKeyUplink(state, room);
      state = JSON.parse(JSON.stringify(next.state));
      const { octets } = next;
      const fragment = octets?.[0] === 0x82 ? String((octets[1] as number) & 0x0f) : "W";
      text += octets === undefined ? "-" : fragment;
    }
    return text;
  }

  it("goes whole where there is room, with the 1st, 2nd, 4th, 8th ...", () => {
    assert.equal(sendings(Array(16).fill(43)), "WW-W---W-------W");
  });

  it("goes in fragments where there is not; five count as one sending", () => {
    assert.equal(sendings(Array(28).fill(42)), "0123401234-01234---01234----");
    assert.equal(sendings(Array(28).fill(11)), "0123401234-01234---01234----");
  });

  it("waits for room for a fragment without losing its turn", () => {
    assert.equal(sendings([0, 10, 11, 10, 11, 11, 11, 11, 43]), "--0-1234W");
  });

  it("goes whole when there is room again, and starts anew after it", () => {
    assert.equal(sendings([11, 11, 43, 11, 11, 11, 11, 11, 11]), "01W01234-");
  });

  it("ends after eight sendings", () => {
    const text = sendings(Array(400).fill(11));
    assert.equal(text.replaceAll("-", ""), "01234".repeat(8));
  });
});
