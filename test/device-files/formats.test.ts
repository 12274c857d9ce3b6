import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { detectFormat } from "../../src/device-files/parser/detect-format.ts";
import { formatQrCode, parseQrCode, tagsOfQrCode } from "../../src/device-files/tr005/qr-code.ts";
import { parseVersionName } from "../../src/device-files/version-name.ts";
import { warrenError } from "../support/warren-error.ts";
import { errorsOf, parseAll } from "./support/parse.ts";

describe("the format of a file", () => {
  const examples = [
    ["tts-csv", "dev_eui;join_eui;lorawan_version;app_key\n"],
    ["tts-csv", '\ufeff"id","DevEUI","AppEUI","AppKey"\n'],
    ["tts-json", '{"ids": {"device_id": "a"}, "root_keys": {}}'],
    ["tts-json", '[\n  {"ids": {}}\n]'],
    ["chirpstack", '{"device": {"devEui": ""}, "deviceKeys": {}}'],
    ["chirpstack", '{"dev_eui": "", "nwk_key": ""}'],
    ["chirpstack-csv", "dev_eui,join_eui,mac_version,nwk_key,dev_nonces\n"],
    ["warren", '{"devEui":"0102030405060708","joinEui":"0102030405060708"}\n'],
    ["jwe", "eyJhbGciOiJFQ0RILUVTIn0..AAAA.BBBB.CCCC\n"],
    ["tr005", "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42"],
    [undefined, "hello"],
    [undefined, '{"a": 1}'],
    [undefined, "{"],
    [undefined, ""],
  ] as const;
  for (const [format, text] of examples) {
    it(`is ${format} for ${JSON.stringify(text.slice(0, 50))}`, () => {
      assert.equal(detectFormat(text), format);
    });
  }
});

describe("a QR code", () => {
  /** `lora_alliance_tr005_test.go` and those of the drafts in The Things Stack have these texts. */
  const whole =
    "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42:CCHECKSUM:O0102:SSERIAL:PPROPRIETARY";
  const expected = {
    joinEui: "42ffffffffffffff",
    devEui: "4242ffffffffffff",
    vendorId: "42FF",
    vendorProfileId: "FF42",
    ownerToken: "0102",
    serialNumber: "SERIAL",
    proprietary: "PROPRIETARY",
  };

  it("of TR005 names the device", () => {
    assert.deepEqual(parseQrCode(whole), expected);
    assert.deepEqual(parseQrCode("LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42:O:S:P"), {
      ...expected,
      ownerToken: undefined,
      serialNumber: undefined,
      proprietary: undefined,
    });
    assert.equal(formatQrCode(parseQrCode(whole)), whole.replace(":CCHECKSUM", ""));
  });

  it("of the drafts does as well", () => {
    for (const text of [
      "URN:LW:DP:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42:%V0102%SSERIAL%PPROPRIETARY",
      "URN:LW:DP:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42:%25V0102%25SSERIAL%25PPROPRIETARY",
      "URN:DEV:LW:42FFFFFFFFFFFFFF_4242FFFFFFFFFFFF_42FFFF42_V0102_SSERIAL_PPROPRIETARY",
    ]) {
      assert.deepEqual(parseQrCode(text), expected);
    }
  });

  it("does not put the owner token where everybody reads", () => {
    assert.doesNotMatch(JSON.stringify(tagsOfQrCode(parseQrCode(whole))), /0102/);
  });

  it("is nothing else", () => {
    for (const text of [
      "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF",
      "LW:D0:42FFFFFFFF:4242FFFFFFFFFFFF:42FFFF42",
      "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42AABB",
      "LW:D1:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42",
    ]) {
      assert.throws(() => parseQrCode(text), warrenError("text-malformed"));
    }
  });
});

describe("Warren's own format", () => {
  const line = {
    devEui: "0102030405060708",
    joinEui: "70b3d57ed0000001",
    macVersion: "1.0.3",
    nwkKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  };

  it("refuses a member that it does not know, rather than lose it", () => {
    const [error] = errorsOf(JSON.stringify({ ...line, lastDevnonce: 4 }), "warren");
    assert.match(error?.message ?? "", /"lastDevnonce" is no member/);
  });

  it("keeps how far root key updates were, and warns of one under way", () => {
    const members = { generation: 3, lastUpdateId: 5, hasUpdateUnderWay: true };
    const [read] = parseAll(JSON.stringify({ ...line, ...members }), "warren");
    assert.deepEqual(read?.device.own, { generation: 3, lastUpdateId: 5 });
    assert.match(read.warnings.join(), /update was under way/);
  });

  it("holds to the limits of the administration API", () => {
    for (const members of [
      { name: "x".repeat(129) },
      { name: "🐇".repeat(129) },
      { name: "a\u0007b" },
      { tags: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`t${index}`, ""])) },
      { tags: { [`${"x".repeat(65)}`]: "" } },
    ]) {
      const [error] = errorsOf(JSON.stringify({ ...line, ...members }), "warren");
      assert.equal(error?.code, "value-out-of-range");
    }
    const name = "🐇".repeat(128);
    const [longest] = parseAll(JSON.stringify({ ...line, name }), "warren");
    assert.equal(longest?.device.name, name);
  });
});

describe("names of versions", () => {
  it("are those of all stacks", () => {
    for (const [text, version] of [
      ["MAC_V1_0", "1.0.0"],
      ["MAC_V1_0_4", "1.0.4"],
      ["MAC_V1_1", "1.1.0"],
      ["LORAWAN_1_0_3", "1.0.3"],
      ["LORAWAN_1_1_0", "1.1.0"],
      ["1.0.2-b", "1.0.2"],
      [" 1.1 ", "1.1.0"],
    ] as const) {
      assert.equal(parseVersionName(text), version);
    }
    for (const text of ["", "1", "2.0", "1.0.5", "MAC_UNKNOWN", "PHY_V1_0"]) {
      assert.throws(() => parseVersionName(text), warrenError("text-malformed"));
    }
  });
});
