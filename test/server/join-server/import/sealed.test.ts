import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK } from "jose";
import { importKek } from "../../../../src/crypto/key-wrap.ts";
import { isRecordError } from "../../../../src/device-files/device-record.ts";
import type { DeviceFormat } from "../../../../src/device-files/formats.ts";
import { importRecipient, sealText } from "../../../../src/device-files/jwe/sealed-devices.ts";
import { readDeviceText } from "../../../../src/device-files/parser/read-device-text.ts";
import { keyHex, useJoinServer } from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { warrenError } from "../../../support/warren-error.ts";
import { importText, lineOf, send } from "./support.ts";

describe("devices sealed to the import key", () => {
  const rig = useJoinServer();
  const importKey = async () => (await rig.call("GET", "import-key")).body;

  it("are opened by the server alone, and join", async () => {
    const devices = [new TestDevice("1.0.3"), new TestDevice("1.1.0")];
    const recipient = await importRecipient(await importKey());
    const jwes = await Promise.all(devices.map((device) => sealText(lineOf(device), recipient)));
    const text = jwes.join("\n");
    for (const device of devices) {
      assert.doesNotMatch(text, new RegExp(keyHex(device.currentKeys.nwkKey)));
    }
    const answer = await importText(rig, text, "");
    assert.deepEqual(
      answer.records.map(({ line, record, outcome }) => [line, record, outcome]),
      [
        [1, 1, "created"],
        [2, 2, "created"],
      ],
    );
    for (const device of devices) await rig.join(device);
  });

  it("may be of any format, made by anybody's JOSE library with a wrapped content key", async () => {
    const device = new TestDevice("1.0.3");
    const csv = `dev_eui;join_eui;lorawan_version;app_key\n${device.devEui};${device.joinEui};1.0.3;${keyHex(device.currentKeys.nwkKey)}\n`;
    const jwk = await importKey();
    const jwe = await new CompactEncrypt(new TextEncoder().encode(csv))
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
      .encrypt(await importJWK({ ...jwk, alg: "ECDH-ES+A256KW" }));
    const answer = await importText(rig, jwe, "format=jwe&homeNetId=000013&asId=example-as");
    assert.equal(answer.counts.created, 1, JSON.stringify(answer));
    await rig.join(device);
  });

  it("are errors of their line when they are for others, changed or no devices", async () => {
    const ours = await importRecipient(await importKey());
    const { publicKey } = await generateKeyPair("ECDH-ES", { crv: "X25519" });
    const others = await importRecipient(await exportJWK(publicKey));
    const good = await sealText(lineOf(new TestDevice("1.0.3")), ours);
    const lines = [
      await sealText(lineOf(new TestDevice("1.0.3")), others),
      good.replace(/.{4}$/, "AAAA"),
      await sealText("hello", ours),
      "eyJ.a.b.c.d",
    ];
    const answer = await importText(rig, lines.join("\n"), "format=jwe");
    assert.equal(answer.isWritten, false);
    assert.deepEqual(
      answer.records.map(({ line, code }) => [line, code]),
      [
        [1, "key-unwrap-failed"],
        [2, "key-unwrap-failed"],
        [3, "text-malformed"],
        [4, "key-unwrap-failed"],
      ],
    );
    assert.match(answer.records[0]?.detail ?? "", /another key/);
  });

  it("are not opened under weaker algorithms", async () => {
    const jwe = await new CompactEncrypt(new TextEncoder().encode(lineOf(new TestDevice("1.0.3"))))
      .setProtectedHeader({ alg: "ECDH-ES", enc: "A128CBC-HS256" })
      .encrypt(await importJWK({ ...(await importKey()), alg: "ECDH-ES" }));
    const answer = await importText(rig, jwe, "format=jwe");
    assert.match(answer.records[0]?.detail ?? "", /A256GCM/);
  });

  it("are sealed to no private key and to no other kind of key", async () => {
    const { privateKey } = await generateKeyPair("ECDH-ES", { extractable: true });
    const { privateKey: rsa } = await generateKeyPair("RSA-OAEP-256", { extractable: true });
    for (const jwk of [await exportJWK(privateKey), await exportJWK(rsa), null, {}]) {
      await assert.rejects(importRecipient(jwk), warrenError("key-malformed"));
    }
  });
});

describe("exports", () => {
  const rig = useJoinServer();
  const kekHex = "000102030405060708090a0b0c0d0e0f";

  it("without keys have none in any format", async () => {
    const device = new TestDevice("1.0.3");
    await importText(
      rig,
      lineOf(device, { name: "Meter", usedDevNonces: { [device.joinEui]: [4] } }),
    );
    const key = keyHex(device.currentKeys.nwkKey);
    for (const format of ["warren", "tts-json", "tts-csv", "chirpstack", "chirpstack-csv"]) {
      const { status, body } = await send(rig, "GET", `exports?format=${format}`);
      assert.equal(status, 200);
      assert.match(body, new RegExp(device.devEui, "i"));
      assert.doesNotMatch(body, new RegExp(key, "i"));
    }
  });

  it("with a KEK open under that alone, and are in the audit log", async () => {
    const device = new TestDevice("1.0.3");
    await importText(rig, lineOf(device, { usedDevNonces: { [device.joinEui]: [4, 5] } }));
    await rig.join(device);
    for (const format of ["warren", "tts-json"] as const) {
      const body = { format, devEuiPrefix: device.devEui, kek: { label: "x", key: kekHex } };
      const exported = await send(rig, "POST", "exports", body);
      assert.equal(exported.status, 200, exported.body);
      assert.doesNotMatch(exported.body, new RegExp(keyHex(device.currentKeys.nwkKey), "i"));
      const read = (kek: Uint8Array) =>
        readDeviceText(exported.body, format, {
          defaults: {},
          keks: new Map([["x", importKek(kek)]]),
        })[0];
      const opened = read(Buffer.from(kekHex, "hex"));
      assert.ok(opened && !isRecordError(opened), JSON.stringify(opened));
      assert.ok(opened.device.rootKeys.nwkKey.equals(device.currentKeys.nwkKey));
      assert.equal(opened.device.nonces.joinNonce, 1);
      assert.equal(opened.device.nonces.usedDevNonces[0]?.devNonces.length, 3);
      const closed = read(new Uint8Array(16));
      assert.ok(closed && isRecordError(closed));
      assert.equal(closed.code, "key-unwrap-failed");
      const last = await rig.store.lastAudit();
      assert.deepEqual([last?.action, last?.details["devEuis"]], ["key.export", [device.devEui]]);
      assert.doesNotMatch(JSON.stringify(last), new RegExp(kekHex));
    }
  });

  it("sealed to another Join Server move devices there with everything", async () => {
    const device = new TestDevice("1.1.0");
    await importText(rig, lineOf(device, { name: "Meter", tags: { a: "b" }, generation: 2 }));
    await rig.join(device);
    const jwk = (await rig.call("GET", "import-key")).body;
    const { body } = await send(rig, "POST", "exports", { devEuiPrefix: device.devEui, jwk });
    const before = await rig.show(device);
    await rig.store.deleteDevice(device.devEui);
    assert.equal((await importText(rig, body, "")).counts.created, 1);
    const after = await rig.show(device);
    for (const member of ["name", "tags", "generation", "joinNonce", "lastDevNonce", "rootKeys"]) {
      assert.deepEqual(after[member], before[member], member);
    }
    await rig.join(device);
  });

  it("are sealed in any format", async () => {
    const device = new TestDevice("1.0.3");
    await importText(rig, lineOf(device));
    const { publicKey, privateKey } = await generateKeyPair("ECDH-ES", { crv: "X25519" });
    const jwk = await exportJWK(publicKey);
    for (const format of [
      "tts-csv",
      "tts-json",
      "chirpstack",
      "chirpstack-csv",
    ] as DeviceFormat[]) {
      const { body } = await send(rig, "POST", "exports", {
        format,
        devEuiPrefix: device.devEui,
        jwk,
      });
      const { plaintext } = await compactDecrypt(body.trim(), privateKey);
      const text = new TextDecoder().decode(plaintext);
      const [record] = readDeviceText(text, format, {
        defaults: { homeNetId: device.devEui.slice(0, 6) as never, asId: "x" },
        keks: new Map(),
      });
      assert.ok(record && !isRecordError(record), text);
      assert.ok(record.device.rootKeys.nwkKey.equals(device.currentKeys.nwkKey));
    }
  });

  it("never have keys in the clear", async () => {
    for (const body of [
      { format: "warren" },
      { format: "tts-csv", kek: { label: "x", key: kekHex } },
      { kek: { label: "x", key: kekHex }, jwk: {} },
      { jwk: { kty: "oct", k: "AAAA" } },
    ]) {
      assert.equal((await send(rig, "POST", "exports", body)).status, 400);
    }
  });
});

describe("an export that cannot be", () => {
  const rig = useJoinServer();

  it("is refused for texts that no database or file takes, before anything is on record", async () => {
    const before = rig.dump();
    const kek = { label: "bad\u0000label", key: "00".repeat(16) };
    for (const [path, body] of [
      ["exports?text=%00", undefined],
      ["exports", { text: "a\u0000b", kek: { ...kek, label: "good" } }],
      ["exports", { kek }],
      ["exports", { kek: { ...kek, label: "\ud800" } }],
    ] as const) {
      const { status } = await send(rig, body === undefined ? "GET" : "POST", path, body);
      assert.equal(status, 400, JSON.stringify(body));
    }
    assert.equal(rig.dump(), before);
  });

  it("is refused for a key that nothing can be sealed to", async () => {
    const jwk = { kty: "OKP", crv: "X25519", x: "A".repeat(43) };
    const { status, body } = await send(rig, "POST", "exports", { jwk });
    assert.equal(status, 400, body);
    assert.match(body, /key-malformed/);
  });
});
