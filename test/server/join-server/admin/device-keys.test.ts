import assert from "node:assert/strict";
import { createDecipheriv, createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { compactDecrypt } from "jose";
import { initialDeviceState } from "../../../../src/root-key/device-state.ts";
import {
  type Json,
  keyHex,
  registrationOf,
  resultOf,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { randomKey, TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newestAudit } from "./support.ts";

const rig = useJoinServer();

async function joined(version = "1.1.0"): Promise<TestDevice> {
  const device = new TestDevice(version as "1.1.0");
  await rig.register(device);
  await rig.join(device);
  return device;
}

const rootKeysPath = ({ devEui }: TestDevice) => `devices/${devEui}/root-keys`;
const resetPath = ({ devEui }: TestDevice) => `devices/${devEui}/nonce-reset`;
const exportPath = ({ devEui }: TestDevice) => `devices/${devEui}/key-export`;

/** The device as its maker flashed it anew: other keys, and no memory of what it has sent. */
function flash({ macVersion, devEui }: TestDevice): TestDevice {
  const fresh = Object.assign(new TestDevice(macVersion), { devEui });
  fresh.update = initialDeviceState(fresh, fresh.currentKeys);
  return fresh;
}

function detailsOf(entry: Json | undefined): Json {
  return entry?.["details"] as Json;
}

function newKeys(device: TestDevice): Json {
  const { nwkKey, appKey } = registrationOf(device);
  return { nwkKey, ...(appKey !== undefined && { appKey }) };
}

describe("PUT /devices/{devEui}/root-keys", () => {
  it("gives a device that was flashed anew its keys, and ends its sessions", async () => {
    for (const version of ["1.1.0", "1.0.4", "1.0.3"]) {
      const device = await joined(version);
      const { lastUpdateId, joinNonce } = await rig.show(device);
      const fresh = flash(device);
      const body = { ...newKeys(fresh), resetsDevNonces: true };
      const answer = await rig.call("PUT", rootKeysPath(device), body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.deepEqual(answer.body["sessions"], []);
      assert.equal(answer.body["generation"], 0);
      assert.equal(answer.body["lastDevNonce"], null);
      assert.deepEqual(
        [answer.body["lastUpdateId"], answer.body["joinNonce"]],
        [lastUpdateId, joinNonce],
      );
      const before = rig.dump();
      assert.equal((await rig.call("PUT", rootKeysPath(device), body)).status, 200);
      assert.equal(rig.dump(), before);
      const [entry] = await newestAudit(rig, 1);
      assert.equal(entry?.["action"], "device.replace-root-keys");
      const oldAnswer = await rig.askJoin(device, device.joinRequest());
      assert.equal(resultOf(oldAnswer), "MICFailed");
      await rig.join(fresh);
      assert.equal((await rig.show(device))["joinNonce"], (joinNonce as number) + 1);
    }
  });

  it("leaves DevNonces alone unless told otherwise", async () => {
    const device = await joined();
    const { lastDevNonce } = await rig.show(device);
    const { body } = await rig.call("PUT", rootKeysPath(device), newKeys(flash(device)));
    assert.equal(body["lastDevNonce"], lastDevNonce);
  });

  it("does not forget DevNonces of a device that keeps its NwkKey", async () => {
    const device = await joined();
    const { nwkKey } = registrationOf(device);
    const before = rig.dump();
    const body = { nwkKey, appKey: keyHex(randomKey()), resetsDevNonces: true };
    assertProblem(await rig.call("PUT", rootKeysPath(device), body), 409, "nonce-reset-refused");
    assert.equal(rig.dump(), before);
  });

  it("does not take an NwkKey that has joined for a new one because the AppKey is", async () => {
    const device = await joined();
    const fresh = flash(device);
    const { status } = await rig.call("PUT", rootKeysPath(device), newKeys(fresh));
    assert.equal(status, 200);
    fresh.devNonce = device.devNonce;
    const recorded = fresh.joinRequest();
    await rig.join(fresh, recorded);
    const { nwkKey } = registrationOf(fresh);
    const kept = { nwkKey, appKey: keyHex(randomKey()) };
    const replaced = await rig.call("PUT", rootKeysPath(device), kept);
    assert.deepEqual([replaced.status, replaced.body["sessions"]], [200, []]);
    const { lastDevNonce } = await rig.show(device);
    const reason = "it was opened";
    const answer = await rig.call("POST", resetPath(device), { reason });
    assertProblem(answer, 409, "nonce-reset-refused");
    const again = { nwkKey, appKey: keyHex(randomKey()), resetsDevNonces: true };
    assertProblem(await rig.call("PUT", rootKeysPath(device), again), 409, "nonce-reset-refused");
    assert.equal((await rig.show(device))["lastDevNonce"], lastDevNonce);
    assert.notEqual(resultOf(await rig.askJoin(device, recorded)), "Success");
  });

  it("is refused while an update is under way", async () => {
    const device = await joined();
    const update = `devices/${device.devEui}/root-key-update`;
    await rig.call("POST", update);
    const before = rig.dump();
    const fresh = newKeys(flash(device));
    assertProblem(await rig.call("PUT", rootKeysPath(device), fresh), 409, "update-not-allowed");
    assert.equal(rig.dump(), before);
    await rig.call("DELETE", update);
    const { status, body } = await rig.call("PUT", rootKeysPath(device), fresh);
    assert.deepEqual([status, body["lastUpdateId"], body["update"]], [200, 1, null]);
  });

  it("refuses what has not its form, and devices that are not there", async () => {
    const device = await joined();
    const before = rig.dump();
    const path = rootKeysPath(device);
    assertProblem(await rig.call("PUT", path, {}), 400, "request-malformed");
    const nwkKey = keyHex(randomKey());
    assertProblem(await rig.call("PUT", path, { nwkKey }), 400, "root-key-missing");
    const unknown = "devices/ffffffffffffffff/root-keys";
    assertProblem(await rig.call("PUT", unknown, { nwkKey }), 404, "device-unknown");
    const headers = { "if-match": '"77"' };
    const stale = await rig.call("PUT", path, newKeys(flash(device)), headers);
    assertProblem(stale, 412, "precondition-failed");
    assert.equal(rig.dump(), before);
  });
});

describe("POST /devices/{devEui}/nonce-reset", () => {
  const reason = "the board was replaced";

  it("is refused while old Join-requests could be replayed, and says so", async () => {
    const device = await joined();
    const before = rig.dump();
    const answer = await rig.call("POST", resetPath(device), { reason });
    assertProblem(answer, 409, "nonce-reset-refused");
    assert.match(answer.body["detail"] as string, /replay.*root-keys.*force/s);
    assert.equal(rig.dump(), before);
  });

  it("is done by force: DevNonces are forgotten, JoinNonce goes on", async () => {
    for (const version of ["1.1.0", "1.0.4", "1.0.3"]) {
      const device = await joined(version);
      const request = device.joinRequest();
      await rig.join(device, request);
      assert.notEqual(resultOf(await rig.askJoin(device, request)), "Success");
      const { status, body } = await rig.call("POST", resetPath(device), { reason, force: true });
      assert.equal(status, 200);
      assert.deepEqual(
        [body["lastDevNonce"], body["rjCount1"], body["joinNonce"]],
        [null, null, 2],
      );
      const [entry] = await newestAudit(rig, 1);
      assert.equal(entry?.["action"], "device.reset-nonces");
      const details = detailsOf(entry);
      assert.deepEqual([details["reason"], details["force"]], [reason, true]);
      assert.equal(resultOf(await rig.askJoin(device, request)), "Success");
      assert.equal((await rig.show(device))["joinNonce"], 3);
    }
  });

  it("needs no force between new root keys and the next join", async () => {
    const device = await joined();
    const fresh = flash(device);
    await rig.call("PUT", rootKeysPath(device), newKeys(fresh));
    assert.equal((await rig.call("POST", resetPath(device), { reason })).status, 200);
    await rig.join(fresh);
    assertProblem(
      await rig.call("POST", resetPath(device), { reason }),
      409,
      "nonce-reset-refused",
    );
  });

  it("is not made easier by deleting the device and creating it anew", async () => {
    const device = await joined();
    await rig.call("DELETE", `devices/${device.devEui}`);
    await rig.register(device);
    assertProblem(
      await rig.call("POST", resetPath(device), { reason }),
      409,
      "nonce-reset-refused",
    );
  });

  it("wants a reason", async () => {
    const device = await joined();
    for (const body of [{}, { reason: "" }, { reason: "a\nb" }, { force: true }]) {
      assertProblem(await rig.call("POST", resetPath(device), body), 400, "request-malformed");
    }
  });
});

describe("POST /devices/{devEui}/key-export", () => {
  /** RFC 3394 by OpenSSL, apart from the program. */
  function unwrap(kek: string, wrapped: string): string {
    const decipher = createDecipheriv(
      "id-aes256-wrap",
      Buffer.from(kek, "hex"),
      Buffer.alloc(8, 0xa6),
    );
    return decipher.update(wrapped, "hex", "hex");
  }

  it("wraps root keys under a KEK, and is on record", async () => {
    const device = await joined();
    const kek = "42".repeat(32);
    const { status, body } = await rig.call("POST", exportPath(device), { kek, kekLabel: "hsm" });
    assert.equal(status, 200);
    const keys = body["rootKeys"] as Record<string, { kekLabel: string; aesKey: string }>;
    assert.equal(keys["nwkKey"]?.kekLabel, "hsm");
    assert.equal(unwrap(kek, keys["nwkKey"]?.aesKey as string), keyHex(device.currentKeys.nwkKey));
    assert.equal(unwrap(kek, keys["appKey"]?.aesKey as string), keyHex(device.currentKeys.appKey));
    const [entry] = await newestAudit(rig, 1);
    assert.deepEqual([entry?.["action"], entry?.["subject"]], ["key.export", device.devEui]);
    const recipient = detailsOf(entry)["recipient"] as Json;
    assert.equal(recipient["kind"], "kek");
    assert.match(recipient["fingerprint"] as string, /^[0-9a-f]{8}$/);
  });

  it("seals to a public key of every kind", async () => {
    const device = await joined("1.0.3");
    const pairs = [
      ...["P-256", "P-384", "P-521"].map((namedCurve) => generateKeyPairSync("ec", { namedCurve })),
      generateKeyPairSync("x25519"),
      generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ];
    for (const { publicKey, privateKey } of pairs) {
      const jwk = publicKey.export({ format: "jwk" }) as Json;
      const { status, body } = await rig.call("POST", exportPath(device), { publicKey: jwk });
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body["rootKeys"], undefined);
      const { plaintext, protectedHeader } = await compactDecrypt(
        body["jwe"] as string,
        createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" })),
      );
      assert.equal(protectedHeader.enc, "A256GCM");
      assert.deepEqual(JSON.parse(Buffer.from(plaintext).toString()), {
        devEui: device.devEui,
        joinEui: device.joinEui,
        macVersion: "1.0.3",
        generation: 0,
        rootKeys: { nwkKey: keyHex(device.currentKeys.nwkKey) },
      });
      const [entry] = await newestAudit(rig, 1);
      assert.deepEqual(detailsOf(entry)["recipient"], {
        kind: "jwk",
        fingerprint: protectedHeader.kid,
      });
    }
  });

  it("has the candidate too, once the device may use it", async () => {
    const device = await joined();
    const { devEui: DevEUI } = device;
    const { MACCommand } = await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
    await rig.ask("RootKeyCommandReq", {
      DevEUI,
      MACCommand: device.receiveCommand(MACCommand as string),
    });
    const { body } = await rig.call("POST", exportPath(device), { kek: "00".repeat(16) });
    assert.ok(body["candidateRootKeys"]);
    assert.notDeepEqual(body["candidateRootKeys"], body["rootKeys"]);
  });

  it("refuses keys that are private, too short, malformed or none, and records nothing", async () => {
    const device = await joined();
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
    const { x, ...withoutX } = publicKey.export({ format: "jwk" }) as Json;
    const before = rig.dump();
    const malformed = [
      {},
      { publicKey: privateKey.export({ format: "jwk" }) },
      { kek: "00" },
      { kek: "00".repeat(16), publicKey: publicKey.export({ format: "jwk" }) },
      { publicKey: { kty: "oct", k: "AAAA" } },
    ];
    for (const body of malformed) {
      assertProblem(await rig.call("POST", exportPath(device), body), 400, "request-malformed");
    }
    const unusable = [
      { publicKey: short.export({ format: "jwk" }) as Json },
      { publicKey: withoutX },
      { publicKey: { ...withoutX, x: `${(x as string).slice(0, -2)}AA` } },
      { publicKey: { kty: "OKP", crv: "P-256", x } },
    ];
    for (const body of unusable) {
      assertProblem(await rig.call("POST", exportPath(device), body), 400, "key-malformed");
    }
    assert.equal(rig.dump(), before);
    assertNoDefects(rig);
  });
});
