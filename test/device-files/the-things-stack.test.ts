import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importKek } from "../../src/crypto/key-wrap.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import { errorsOf, keysOf, OPTIONS, parseAll, parseOne } from "./support/parse.ts";

/** "Minimal example" of "CSV File Reference" in The Things Stack's documentation, with another key. */
const CSV = `dev_eui;join_eui;frequency_plan_id;lorawan_version;lorawan_phy_version;app_key
1111111111111111;70B3D57ED0000000;EU_863_870_TTN;MAC_V1_0_4;RP002_V1_0_3;0F1E2D3C4B5A69788796A5B4C3D2E1F0
2222222222222222;70B3D57ED0000000;EU_863_870_TTN;MAC_V1_0_4;RP002_V1_0_3;1F1E2D3C4B5A69788796A5B4C3D2E1F0
`;

/** The example of "JSON File Reference" in The Things Stack's documentation. */
const JSON_EXAMPLE = `{
  "ids": {
    "device_id": "my-device",
    "dev_eui": "0102030405060708",
    "join_eui": "0102030405060708"
  },
  "name": "My Device",
  "description": "Living room temperature sensor",
  "lorawan_version": "MAC_V1_0_2",
  "lorawan_phy_version": "PHY_V1_0_2_REV_B",
  "frequency_plan_id": "EU_863_870_TTN",
  "supports_join": true,
  "root_keys": {
    "app_key": {
      "key": "01020304050607080102030405060708"
    }
  }
}`;

const KEY_A = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const KEY_B = "a0a1a2a3a4a5a6a7b8b9babbbcbdbebf";

function device(members: object): string {
  return JSON.stringify({
    ids: { device_id: "d", dev_eui: "0102030405060708", join_eui: "70B3D57ED0000001" },
    lorawan_version: "MAC_V1_0_4",
    root_keys: { app_key: { key: KEY_A.toUpperCase() } },
    ...members,
  });
}

describe("CSV of The Things Stack", () => {
  it("has the AppKey of a 1.0.x device in app_key", () => {
    const [first, second] = parseAll(CSV, "tts-csv");
    assert.equal(second?.position.line, 3);
    assert.equal(first?.device.devEui, "1111111111111111");
    assert.equal(first.device.joinEui, "70b3d57ed0000000");
    assert.equal(first.device.macVersion, "1.0.4");
    assert.deepEqual(keysOf(first.device), { nwkKey: KEY_A, appKey: undefined });
    assert.equal(first.device.tags["frequency_plan_id"], "EU_863_870_TTN");
  });

  it("may have commas, app_eui, quotes, a byte order mark, CRLF and columns nobody knows", () => {
    const text =
      `\ufeffid,dev_eui,app_eui,name,lorawan_version,app_key,colour\r\n"meter, ""old""",0x0102030405060708,70-B3-D5-7E-D0-00-00-01,"a
b",MAC_V1_0_3,${KEY_A},red\r\n`.replace("a\nb", "Meter 1");
    const read = parseOne(text, "tts-csv");
    assert.equal(read.devEui, "0102030405060708");
    assert.equal(read.joinEui, "70b3d57ed0000001");
    assert.equal(read.name, "Meter 1");
    assert.equal(read.tags["tts.device_id"], 'meter, "old"');
  });

  it("gives a 1.1 device both keys, and takes no zero key for a missing one", () => {
    const row = (appKey: string) =>
      `dev_eui;join_eui;lorawan_version;app_key;nwk_key\n0102030405060708;70B3D57ED0000001;MAC_V1_1;${appKey};${KEY_B}\n`;
    assert.deepEqual(keysOf(parseOne(row(KEY_A), "tts-csv")), { nwkKey: KEY_B, appKey: KEY_A });
    assert.equal(errorsOf(row(""), "tts-csv")[0]?.code, "root-key-missing");
    assert.equal(errorsOf(row("0".repeat(32)), "tts-csv")[0]?.code, "root-key-missing");
  });

  it("says line, DevEUI, code and what to do of each wrong row, and goes on", () => {
    const rows = [
      "dev_eui;join_eui;lorawan_version;app_key",
      `0102030405060708;70B3D57ED0000001;MAC_V1_0_3;${KEY_A}`,
      `0102030405060708;70B3D57ED0000001;MAC_V1_0_3;${KEY_A}`,
      `01020304050607;70B3D57ED0000001;MAC_V1_0_3;${KEY_A}`,
      `0102030405060709;70B3D57ED0000001;MAC_V9;${KEY_A}`,
      `010203040506070a;70B3D57ED0000001;MAC_V1_0_3;${KEY_A}00`,
      "010203040506070b;70B3D57ED0000001",
      `010203040506070c;70B3D57ED0000001;MAC_V1_0_3;"${KEY_A}`,
    ];
    const errors = errorsOf(rows.join("\n"), "tts-csv");
    assert.deepEqual(
      errors.map(({ position, devEui, code }) => [position.line, devEui, code]),
      [
        [3, "0102030405060708", "write-conflict"],
        [4, "01020304050607", "text-malformed"],
        [5, "0102030405060709", "text-malformed"],
        [6, "010203040506070a", "text-malformed"],
        [7, undefined, "text-malformed"],
        [8, undefined, "text-malformed"],
      ],
    );
    for (const { message } of errors) assert.doesNotMatch(message, new RegExp(KEY_A, "i"));
  });

  it("wants what neither the file nor a default says", () => {
    const [error] = errorsOf(CSV, "tts-csv", { ...OPTIONS, defaults: {} });
    assert.match(error?.message ?? "", /AS-ID; give one for all with --as-id/);
  });
});

describe("JSON of The Things Stack", () => {
  it("is read as its documentation has it", () => {
    const read = parseOne(JSON_EXAMPLE, "tts-json");
    assert.equal(read.name, "My Device");
    assert.equal(read.macVersion, "1.0.2");
    assert.deepEqual(read.tags, { "tts.device_id": "my-device" });
    assert.deepEqual(keysOf(read).nwkKey, "01020304050607080102030405060708");
  });

  it("is one object after another, one a line, or an array", () => {
    const other = JSON_EXAMPLE.replaceAll(
      '0102030405060708",\n    "join',
      '0102030405060709",\n    "join',
    );
    for (const text of [
      `${JSON_EXAMPLE}\n${other}`,
      `${JSON_EXAMPLE}${other}`,
      `[${JSON_EXAMPLE},\n${other}]`,
    ]) {
      assert.deepEqual(
        parseAll(text, "tts-json").map(({ device: { devEui } }) => devEui),
        ["0102030405060708", "0102030405060709"],
      );
    }
  });

  it("keeps the nonces of a device that counts DevNonces", () => {
    const { nonces, homeNetId } = parseOne(
      device({ last_dev_nonce: 9, used_dev_nonces: [3, 9], last_join_nonce: 4, net_id: "000042" }),
      "tts-json",
    );
    assert.equal(homeNetId, "000042");
    assert.deepEqual(nonces, {
      joinNonce: 4,
      lastDevNonce: 9,
      rjCount1: undefined,
      usedDevNonces: [],
    });
  });

  it("knows that DevNonce 0 is left out, by the JoinNonce", () => {
    const joined = parseOne(device({ last_join_nonce: 1 }), "tts-json");
    assert.equal(joined.nonces.lastDevNonce, 0);
    assert.equal(parseOne(device({}), "tts-json").nonces.lastDevNonce, undefined);
  });

  it("keeps the used DevNonces of an older device", () => {
    const members = { lorawan_version: "1.0.2-b", used_dev_nonces: [77, 5, 77] };
    assert.deepEqual(parseOne(device(members), "tts-json").nonces.usedDevNonces, [
      { joinEui: "70b3d57ed0000001", devNonces: [77, 5] },
    ]);
  });

  it("warns of resets_join_nonces", () => {
    const [read] = parseAll(device({ resets_join_nonces: true }), "tts-json");
    assert.match(read?.warnings.join() ?? "", /resets_join_nonces/);
  });

  it("takes the NwkKey of a 1.0.x device that has both, but for those of ttn-lw-cli", () => {
    const root_keys = { app_key: { key: KEY_A }, nwk_key: { key: KEY_B } };
    const [both] = parseAll(device({ root_keys }), "tts-json");
    assert.equal(both && keysOf(both.device).nwkKey, KEY_B);
    assert.match(both?.warnings.join() ?? "", /NwkKey/);
    const generated = { ...root_keys, root_key_id: "ttn-lw-cli-generated" };
    assert.equal(keysOf(parseOne(device({ root_keys: generated }), "tts-json")).nwkKey, KEY_A);
  });

  it("opens a wrapped key with the KEK of that label alone", () => {
    // RFC 3394 §4.1: the key data of the vector, wrapped under 000102…0f.
    const octets = Buffer.from("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5", "hex");
    const root_keys = { app_key: { encrypted_key: octets.toString("base64"), kek_label: "rfc" } };
    const text = device({ root_keys });
    const kek = importKek(parseHex("000102030405060708090a0b0c0d0e0f"));
    const opened = parseOne(text, "tts-json", { ...OPTIONS, keks: new Map([["rfc", kek]]) });
    assert.equal(keysOf(opened).nwkKey, "00112233445566778899aabbccddeeff");
    assert.equal(errorsOf(text, "tts-json")[0]?.code, "key-unwrap-failed");
    const other = new Map([["rfc", importKek(new Uint8Array(16))]]);
    assert.equal(
      errorsOf(text, "tts-json", { ...OPTIONS, keks: other })[0]?.code,
      "key-unwrap-failed",
    );
  });

  it("never repeats text of the file where it is no JSON", () => {
    const [error] = errorsOf(`{"ids": {"dev_eui": "${KEY_A}"}, "x" }`, "tts-json");
    assert.equal(error?.code, "text-malformed");
    assert.doesNotMatch(error.message, new RegExp(KEY_A));
  });

  it("refuses nonces that there cannot be", () => {
    for (const members of [
      { last_dev_nonce: 65_536 },
      { last_join_nonce: 2 ** 24 },
      { used_dev_nonces: [-1] },
      { last_join_nonce: 1.5 },
    ]) {
      assert.equal(errorsOf(device(members), "tts-json")[0]?.code, "value-out-of-range");
    }
  });
});
