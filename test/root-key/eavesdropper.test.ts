import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { type X25519PrivateKey, x25519 } from "../../src/crypto/x25519.ts";
import type { Carrier } from "../../src/evaluation/attacks/eavesdropping/air-frame.ts";
import { Eavesdropper } from "../../src/evaluation/attacks/eavesdropping/eavesdropper.ts";
import { RecordedNetwork } from "../../src/evaluation/attacks/eavesdropping/recorded-network.ts";
import { equalRootKeys, type RootKeys } from "../../src/root-key/root-keys.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../src/root-key/suite.ts";
import { ActiveAttacker } from "./support/active-attacker.ts";

// What docs/security.md says of the two kinds of update, shown with programs that have the old root keys.

const versions = ["1.0.3", "1.1.0"] as const;
const carriers: readonly Carrier[] = ["FOpts", "FPort 0", "FPort 199"];

/** An eavesdropper with the keys of before, who has heard everything on the air. */
function eavesdrop(network: RecordedNetwork, rootKeys: RootKeys): Eavesdropper {
  const eavesdropper = new Eavesdropper(rootKeys);
  for (const frame of network.air) eavesdropper.hear(frame);
  return eavesdropper;
}

describe("an eavesdropper with the old root keys and all traffic", () => {
  for (const macVersion of versions) {
    for (const suite of ALL_SUITES) {
      for (const carrier of carriers) {
        const name = `${formatSuite(suite)}, ${macVersion}, ${carrier}`;

        it(`follows plain updates from one generation to the next: ${name}`, () => {
          const network = new RecordedNetwork({ macVersion, carrier });
          const oldKeys = network.device.currentKeys;
          network.join();
          network.update({ suite, isHealing: false });
          const first = network.server.currentKeys;
          assert.ok(!equalRootKeys(first, oldKeys));
          assert.ok(equalRootKeys(eavesdrop(network, oldKeys).rootKeys, first));

          network.update({ suite, isHealing: false });
          const eavesdropper = eavesdrop(network, oldKeys);
          assert.equal(network.server.generation, 2);
          assert.ok(equalRootKeys(eavesdropper.rootKeys, network.server.currentKeys));
          assert.ok(equalRootKeys(eavesdropper.rootKeys, network.device.currentKeys));
          assert.equal(eavesdropper.unread, 0);
        });

        it(`is lost at a healing one, and for good: ${name}`, () => {
          const network = new RecordedNetwork({ macVersion, carrier });
          const oldKeys = network.device.currentKeys;
          network.join();
          network.update({ suite, isHealing: true });
          const healed = network.server.currentKeys;
          const atHealing = eavesdrop(network, oldKeys);
          assert.equal(atHealing.updates.length, 1, "it heard the whole exchange");
          assert.equal(atHealing.unread, 0, "and could read every frame until the next join");
          assert.ok(equalRootKeys(atHealing.rootKeys, oldKeys));
          assert.ok(!equalRootKeys(atHealing.rootKeys, healed));

          network.update({ suite, isHealing: false });
          const later = eavesdrop(network, oldKeys);
          assert.equal(later.updates.length, 1);
          assert.ok(later.unread >= 3, "it reads nothing after the join with the new keys");
          assert.ok(
            equalRootKeys(later.rootKeys, oldKeys),
            "a plain update later is no way back in",
          );
        });
      }
    }
  }

  it("lacks nothing at a healing update but the shared secret", () => {
    for (const suite of ALL_SUITES) {
      let privateKey: X25519PrivateKey | undefined;
      const network = new RecordedNetwork({ macVersion: "1.1.0", carrier: "FOpts" });
      const rootKeys = network.device.currentKeys;
      network.join();
      network.update({
        suite,
        isHealing: true,
        onStarted: (key) => {
          privateKey = key;
        },
      });
      const eavesdropper = eavesdrop(network, rootKeys);
      const [update] = eavesdropper.updates;
      assert.ok(privateKey && update?.transcript.edPublicKey);
      const secret = x25519(privateKey, update.transcript.edPublicKey);
      assert.ok(secret);
      const keys = eavesdropper.recover(update, [secret]);
      assert.ok(keys && equalRootKeys(keys, network.server.currentKeys));
      assert.equal(eavesdropper.recover(update, [systemRandomBytes(32)]), undefined);
    }
  });

  it("gets nothing from the new keys of a plain update for the generation before", () => {
    const network = new RecordedNetwork({ macVersion: "1.1.0", carrier: "FPort 0" });
    network.join();
    network.update({ suite: Suite.Rabbit, isHealing: false });
    const eavesdropper = eavesdrop(network, network.server.currentKeys);
    assert.equal(eavesdropper.updates.length, 0, "it cannot read the frames of before");
    assert.ok(equalRootKeys(eavesdropper.rootKeys, network.server.currentKeys));
  });
});

describe("an attacker with the old root keys who stands between during a healing update", () => {
  for (const macVersion of versions) {
    for (const suite of ALL_SUITES) {
      it(`has the new keys of both sides: ${formatSuite(suite)}, ${macVersion}`, () => {
        const attacker = new ActiveAttacker();
        const network = new RecordedNetwork({
          macVersion,
          carrier: "FPort 199",
          tamper: (frame) => attacker.tamper(frame),
        });
        attacker.steal(network.device.currentKeys);
        network.join();
        network.update({ suite, isHealing: true });
        assert.equal(network.server.update?.status, "committed");
        assert.ok(attacker.ofDevice && attacker.ofServer);
        assert.ok(equalRootKeys(network.device.currentKeys, attacker.ofDevice.keys));
        assert.ok(equalRootKeys(network.server.currentKeys, attacker.ofServer.keys));
        assert.ok(!equalRootKeys(attacker.ofDevice.keys, attacker.ofServer.keys));
      });
    }
  }
});
