import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { importAes256Key } from "../../src/crypto/aes256.ts";
import { Xaes256Gcm } from "../../src/crypto/xaes-256-gcm.ts";
import { WarrenError } from "../../src/errors.ts";
import { sealedVersion } from "../../src/join-server/ports/vault.ts";
import { DataKeyVault } from "../../src/vault/data-key-vault.ts";
import { TestKeyring, testVault } from "../support/test-vault.ts";
import { warrenError } from "../support/warren-error.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const context = fc.string({ minLength: 1, unit: "grapheme" });
const isDamaged = warrenError("sealed-value-damaged");

describe("a vault over data keys", () => {
  it("opens what it sealed, under the same context only", () => {
    const vault = testVault();
    fc.assert(
      fc.property(bytes, context, context, (plaintext, own, other) => {
        const sealed = vault.seal(plaintext, own);
        assert.deepEqual(vault.open(sealed, own), plaintext);
        if (own !== other) assert.throws(() => vault.open(sealed, other), isDamaged);
      }),
    );
  });

  it("writes version, nonce, ciphertext and tag, as docs/vault.md says", () => {
    const plaintext = new TextEncoder().encode("sixteen octets..");
    const sealed = new TestKeyring(258).openVault().seal(plaintext, "device/x");
    assert.deepEqual([...sealed.subarray(0, 4)], [0, 0, 1, 2]);
    assert.equal(sealed.length, 4 + 24 + 16 + 16);
    const cipher = new Xaes256Gcm(importAes256Key(new Uint8Array(32).fill(0xa0 + 258)));
    const additionalData = Buffer.from("warren/sealed-value/1/device/x");
    assert.deepEqual(
      cipher.open(sealed.subarray(4, 28), sealed.subarray(28), additionalData),
      plaintext,
    );
  });

  it("never seals twice alike", () => {
    const vault = testVault();
    const sealed = Array.from({ length: 1000 }, () =>
      Buffer.from(vault.seal(new Uint8Array(16), "x").subarray(4, 28)).toString("hex"),
    );
    assert.equal(new Set(sealed).size, sealed.length);
  });

  it("draws the first half of the nonce anew after 4,096 values, the second half for each", () => {
    const vault = testVault();
    const sealed = Array.from({ length: 4 * 4096 }, () =>
      Buffer.from(vault.seal(new Uint8Array(16), "x")),
    );
    const halves = (from: number) => sealed.map((value) => value.toString("hex", from, from + 12));
    const firstHalves = Map.groupBy(halves(4), (half) => half);
    assert.deepEqual(
      [...firstHalves.values()].map((half) => half.length),
      [4096, 4096, 4096, 4096],
    );
    assert.equal(new Set(halves(16)).size, sealed.length);
    for (const value of sealed) assert.equal(vault.open(value, "x").length, 16);
  });

  it("refuses a value with any bit changed or any end cut off, with one error", () => {
    const vault = testVault();
    const sealed = vault.seal(new Uint8Array(5), "x");
    const messages = new Set<string>();
    const refuse = (value: Uint8Array) =>
      assert.throws(
        () => vault.open(value, "x"),
        (error) => {
          assert.ok(error instanceof WarrenError && isDamaged(error) && error.cause === undefined);
          messages.add(error.message);
          return true;
        },
      );
    for (let bit = 32; bit < 8 * sealed.length; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      refuse(changed);
    }
    for (let length = 0; length < sealed.length; length++) refuse(sealed.subarray(0, length));
    assert.equal(messages.size, 1);
  });

  it("seals under the newest version and opens every one that is loaded", async () => {
    const keyring = new TestKeyring(1);
    const vault = keyring.openVault();
    const old = vault.seal(new Uint8Array(1), "x");
    keyring.add(2);
    assert.equal(vault.sealingVersion, 1);
    const fromOther = keyring.openVault().seal(new Uint8Array(2), "x");
    assert.throws(() => vault.open(fromOther, "x"), warrenError("vault-key-unknown"));
    await vault.refresh();
    assert.equal(vault.sealingVersion, 2);
    assert.equal(vault.open(fromOther, "x").length, 2);
    assert.equal(vault.open(old, "x").length, 1);
    assert.equal(sealedVersion(vault.seal(new Uint8Array(3), "x")), 2);
    keyring.remove(1);
    await vault.refresh();
    assert.throws(() => vault.open(old, "x"), warrenError("vault-key-unknown"));
  });

  it("keeps what it has when a refresh fails", async () => {
    const { keys } = new TestKeyring(1);
    const vault = new DataKeyVault(keys, () =>
      Promise.reject(new WarrenError("vault-unavailable", "gone")),
    );
    await assert.rejects(vault.refresh(), warrenError("vault-unavailable"));
    assert.equal(vault.open(vault.seal(new Uint8Array(4), "x"), "x").length, 4);
  });

  it("loads once for requests at one time, and does not ask again at once after an error", async () => {
    const { keys } = new TestKeyring(1);
    let loads = 0;
    let isBroken = false;
    const vault = new DataKeyVault(keys, async () => {
      loads += 1;
      await sleep(5);
      if (isBroken) throw new WarrenError("vault-unavailable", "gone");
      return keys;
    });
    await Promise.all([vault.refresh(), vault.refresh(), vault.refresh()]);
    assert.equal(loads, 1);
    isBroken = true;
    const isGone = warrenError("vault-unavailable");
    await Promise.all([1, 2, 3].map(() => assert.rejects(vault.refresh(), isGone)));
    await assert.rejects(vault.refresh(), isGone);
    assert.equal(loads, 2);
    isBroken = false;
    await sleep(1_100);
    await vault.refresh();
    assert.equal(loads, 3);
  });

  it("does not exist without a data key", () => {
    assert.throws(() => new DataKeyVault([], async () => []), warrenError("vault-unavailable"));
  });

  it("shows no key when it is printed", () => {
    const vault = testVault();
    vault.seal(new Uint8Array(1), "x");
    assert.doesNotMatch(`${JSON.stringify(vault)} ${String(vault)}`, /a1/);
  });
});
