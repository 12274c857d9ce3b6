import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exportAes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import type { RandomBytes } from "../../src/crypto/random.ts";
import { importX25519PrivateKey, x25519 } from "../../src/crypto/x25519.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { encodeUpdateContext } from "../../src/root-key/derivation/context.ts";
import { deriveRootKeyBytes } from "../../src/root-key/derivation/derive-root-keys.ts";
import { initialDeviceState } from "../../src/root-key/device-state.ts";
import {
  joinAccepted,
  keysForNextJoin,
  nextRootKeyUplink,
  receiveNewKeyReadyAns,
  receiveRootKeyFragment,
  receiveRootKeyUpdateReq,
} from "../../src/root-key/device-update.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import type { RootKeys } from "../../src/root-key/root-keys.ts";
import { initialServerState } from "../../src/root-key/server-state.ts";
import {
  joinVerified,
  receiveRootKeyFragment as receiveFragmentAtServer,
  receiveNewKeyReadyReq,
  startUpdate,
} from "../../src/root-key/server-update.ts";
import { ALL_SUITES, formatSuite, type Suite, suiteOctet } from "../../src/root-key/suite.ts";
import file from "../vectors/root-key-healing.json" with { type: "json" };
import { session as otherSession } from "./fixtures.ts";

const parseKey = (hex: string) => importAes128Key(parseHex(hex));
const keysAsHex = ({ nwkKey, appKey }: RootKeys) =>
  [nwkKey, appKey].map((key) => formatHex(exportAes128Key(key)));

/** Draws a nonce or a private key, by its length. */
const drawing =
  (...values: readonly string[]): RandomBytes =>
  (lengthBytes) => {
    const value = values.find((hex) => hex.length === 2 * lengthBytes);
    assert.ok(value, `${lengthBytes} octets asked for`);
    return parseHex(value);
  };

describe("known answers of healing updates", () => {
  for (const [index, { suite: number, inputs, outputs }] of file.vectors.entries()) {
    const suite = number as Suite;
    const identity = { devEui: parseEui64(inputs.devEui), joinEui: parseEui64(inputs.joinEui) };
    const rootKeys = { nwkKey: parseKey(inputs.nwkKey), appKey: parseKey(inputs.appKey) };
    const session = {
      joinNonce: inputs.joinNonce,
      fNwkSIntKey: parseKey(inputs.fNwkSIntKey),
      sNwkSIntKey: parseKey(inputs.sNwkSIntKey),
      nwkSEncKey: parseKey(inputs.nwkSEncKey),
      appSKey: parseKey(inputs.appSKey),
    };

    const start = () =>
      startUpdate(
        { ...initialServerState(identity, rootKeys), lastUpdateId: inputs.updateId - 1 },
        {
          suite,
          isHealing: true,
          random: drawing(inputs.jsNonce, inputs.jsPrivateKey),
          allowRabbitSplit: true,
        },
      );
    const receive = (request: Uint8Array, device = initialDeviceState(identity, rootKeys)) =>
      receiveRootKeyUpdateReq(device, request, session, {
        random: drawing(inputs.edNonce, inputs.edPrivateKey),
        supportedSuites: ALL_SUITES,
        supportsHealing: true,
        isBusy: false,
      });

    describe(`${formatSuite(suite)}, vector ${index}`, () => {
      it("has the secret, the context and the new root keys", () => {
        const jsPrivateKey = importX25519PrivateKey(parseHex(inputs.jsPrivateKey));
        const sharedSecret = x25519(jsPrivateKey, parseHex(outputs.edPublicKey));
        assert.ok(sharedSecret);
        assert.equal(formatHex(sharedSecret), outputs.sharedSecret);
        const context = encodeUpdateContext({
          ...identity,
          updateId: inputs.updateId,
          suite: suiteOctet(suite, true),
          jsNonce: parseHex(inputs.jsNonce),
          edNonce: parseHex(inputs.edNonce),
          joinNonce: inputs.joinNonce,
          sessionKeys: session,
        });
        assert.equal(formatHex(context), outputs.context);
        const derived = deriveRootKeyBytes({
          suite,
          nwkKey: parseHex(inputs.nwkKey),
          appKey: parseHex(inputs.appKey),
          context,
          sharedSecret,
        });
        assert.deepEqual([derived.kdk, derived.nwkKey, derived.appKey].map(formatHex), [
          outputs.kdk,
          outputs.newNwkKey,
          outputs.newAppKey,
        ]);
      });

      it("goes from request to commit on both ends with these octets", () => {
        const started = start();
        assert.equal(formatHex(started.request), outputs.rootKeyUpdateReq);
        assert.equal(started.state.update?.jsPublicKey, outputs.jsPublicKey);
        const received = receive(started.request);
        const uplink = nextRootKeyUplink(received.state, 43);
        assert.ok(uplink.octets);
        assert.equal(formatHex(uplink.octets), outputs.newKeyReadyReq);

        const sessions = [otherSession(9), session];
        const confirmed = receiveNewKeyReadyReq(started.state, uplink.octets, sessions);
        assert.ok(confirmed.answer);
        assert.equal(formatHex(confirmed.answer), outputs.newKeyReadyAns);
        const switching = receiveNewKeyReadyAns(uplink.state, confirmed.answer);
        assert.ok(switching.mustJoin);
        const joined = joinAccepted(keysForNextJoin(switching.state).state, "candidate");
        const committed = joinVerified(confirmed.state, "candidate");
        for (const keys of [joined.currentKeys, committed.currentKeys]) {
          assert.deepEqual(keysAsHex(keys), [outputs.newNwkKey, outputs.newAppKey]);
        }
      });

      it("goes the same way in fragments", () => {
        const started = start();
        let device = initialDeviceState(identity, rootKeys);
        let request: Uint8Array | undefined;
        for (const fragment of splitIntoFragments(started.request)) {
          const received = receiveRootKeyFragment(device, fragment);
          device = received.state;
          request = received.message;
        }
        assert.ok(request);
        device = receive(request, device).state;

        let server = started.state;
        let ready: Uint8Array | undefined;
        for (const fragment of outputs.newKeyReadyReqFragments) {
          const uplink = nextRootKeyUplink(device, 42);
          device = uplink.state;
          assert.ok(uplink.octets);
          assert.equal(formatHex(uplink.octets), fragment);
          const received = receiveFragmentAtServer(server, uplink.octets);
          assert.equal(received.ignored, undefined);
          server = received.state;
          ready = received.message;
        }
        assert.ok(ready);
        const confirmed = receiveNewKeyReadyReq(server, ready, [session]);
        assert.equal(formatHex(confirmed.answer as Uint8Array), outputs.newKeyReadyAns);
      });
    });
  }
});
