import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { equalKeys, exportAes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { encodeUpdateContext } from "../../src/root-key/derivation/context.ts";
import {
  deriveRootKeyBytes,
  deriveRootKeys,
} from "../../src/root-key/derivation/derive-root-keys.ts";
import { deriveRkuIntKey } from "../../src/root-key/derivation/rku-int-key.ts";
import { initialDeviceState } from "../../src/root-key/device-state.ts";
import {
  joinAccepted,
  keysForNextJoin,
  nextRootKeyUplink,
  receiveNewKeyReadyAns,
  receiveRootKeyUpdateReq,
} from "../../src/root-key/device-update.ts";
import { equalRootKeys } from "../../src/root-key/root-keys.ts";
import { initialServerState } from "../../src/root-key/server-state.ts";
import {
  joinVerified,
  keysToTryForJoin,
  receiveNewKeyReadyReq,
  startUpdate,
} from "../../src/root-key/server-update.ts";
import { ALL_SUITES, formatSuite, type Suite } from "../../src/root-key/suite.ts";
import file from "../vectors/root-key-update.json" with { type: "json" };
import { fixedRandom, session as otherSession } from "./fixtures.ts";

const parseKey = (hex: string) => importAes128Key(parseHex(hex));

describe("known answers of the root key update", () => {
  it("name the suites as we do", () => {
    const names = ALL_SUITES.map((suite) => [String(suite), formatSuite(suite)]);
    assert.deepEqual(Object.entries(file.suites), names);
  });

  for (const [index, vector] of file.vectors.entries()) {
    const suite = vector.suite as Suite;
    const { inputs, outputs } = vector;
    const identity = { devEui: parseEui64(inputs.devEui), joinEui: parseEui64(inputs.joinEui) };
    const rootKeys = { nwkKey: parseKey(inputs.nwkKey), appKey: parseKey(inputs.appKey) };
    const newKeys = { nwkKey: parseKey(outputs.newNwkKey), appKey: parseKey(outputs.newAppKey) };
    const session = {
      joinNonce: inputs.joinNonce,
      fNwkSIntKey: parseKey(inputs.fNwkSIntKey),
      sNwkSIntKey: parseKey(inputs.sNwkSIntKey),
      nwkSEncKey: parseKey(inputs.nwkSEncKey),
      appSKey: parseKey(inputs.appSKey),
    };

    describe(`${formatSuite(suite)}, vector ${index}`, () => {
      it("has the context, the keys in between and the new root keys", () => {
        const context = encodeUpdateContext({
          ...identity,
          updateId: inputs.updateId,
          suite,
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
        });
        assert.deepEqual([derived.kdk, derived.nwkKey, derived.appKey].map(formatHex), [
          outputs.kdk,
          outputs.newNwkKey,
          outputs.newAppKey,
        ]);
        assert.ok(equalRootKeys(deriveRootKeys({ ...rootKeys, suite, context }), newKeys));
        const rkuIntKey = deriveRkuIntKey(rootKeys, identity.devEui);
        assert.equal(formatHex(exportAes128Key(rkuIntKey)), outputs.rkuIntKey);
      });

      it("goes from request to commit on both ends with these octets", () => {
        const before = initialServerState(identity, rootKeys);
        const started = startUpdate(
          { ...before, lastUpdateId: inputs.updateId - 1 },
          { suite, isHealing: false, random: fixedRandom(inputs.jsNonce), allowRabbitSplit: true },
        );
        assert.equal(formatHex(started.request), outputs.rootKeyUpdateReq);

        const received = receiveRootKeyUpdateReq(
          initialDeviceState(identity, rootKeys),
          started.request,
          session,
          {
            random: fixedRandom(inputs.edNonce),
            supportedSuites: ALL_SUITES,
            supportsHealing: true,
            isBusy: false,
          },
        );
        const uplink = nextRootKeyUplink(received.state, 242);
        assert.ok(uplink.octets);
        assert.equal(formatHex(uplink.octets), outputs.newKeyReadyReq);

        const sessions = [otherSession(9), session];
        const confirmed = receiveNewKeyReadyReq(started.state, uplink.octets, sessions);
        assert.equal(confirmed.provenSession, session);
        assert.ok(confirmed.answer);
        assert.equal(formatHex(confirmed.answer), outputs.newKeyReadyAns);

        const switching = receiveNewKeyReadyAns(uplink.state, confirmed.answer);
        assert.ok(switching.mustJoin);
        const join = keysForNextJoin(switching.state);
        assert.equal(join.which, "candidate");
        const [first] = keysToTryForJoin(confirmed.state);
        assert.ok(first?.which === "candidate" && equalRootKeys(first.keys, join.keys));
        const committed = joinVerified(confirmed.state, "candidate");
        const joined = joinAccepted(join.state, "candidate");
        assert.equal(committed.generation, 1);
        assert.ok(equalKeys(committed.currentKeys.nwkKey, newKeys.nwkKey));
        assert.ok(equalKeys(joined.currentKeys.appKey, newKeys.appKey));
      });
    });
  }
});
