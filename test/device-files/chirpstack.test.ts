import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorsOf, keysOf, parseOne } from "./support/parse.ts";

const KEY_A = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const KEY_B = "a0a1a2a3a4a5a6a7b8b9babbbcbdbebf";
const ZEROS = "0".repeat(32);

/** As the REST API answers `GET /api/devices/{devEui}` and `/keys` (api/device.proto in JSON). */
function api(keys: object, others: object = { deviceProfile: { macVersion: "LORAWAN_1_0_3" } }) {
  return JSON.stringify({
    device: {
      devEui: "0102030405060708",
      name: "Meter",
      description: "in the cellar",
      applicationId: "fe8cd6a1-3c70-4a4d-9a8c-2d7a9d1a4f00",
      deviceProfileId: "9c4de9b2-91e6-4f0c-8f0b-1d4f6f1b0b11",
      skipFcntCheck: false,
      isDisabled: true,
      variables: {},
      tags: { floor: "-1" },
      joinEui: "70b3d57ed0000001",
    },
    deviceKeys: { devEui: "0102030405060708", ...keys },
    ...others,
  });
}

/** As the `COPY` of docs/import-export.md writes it. */
function csv(row: readonly string[]): string {
  const heading =
    "dev_eui,join_eui,name,description,mac_version,is_disabled,tags,nwk_key,app_key,gen_app_key,dev_nonces,join_nonce";
  return `${heading}\n${row.join(",")}\n`;
}

describe("JSON of ChirpStack", () => {
  it("has the AppKey of a 1.0.x device in nwkKey", () => {
    const read = parseOne(api({ nwkKey: KEY_A, appKey: ZEROS, genAppKey: ZEROS }), "chirpstack");
    assert.deepEqual(keysOf(read), { nwkKey: KEY_A, appKey: undefined });
    assert.equal(read.macVersion, "1.0.3");
    assert.equal(read.isDisabled, true);
    assert.deepEqual(read.tags, { floor: "-1" });
  });

  it("has the GenAppKey beside it", () => {
    const read = parseOne(api({ nwkKey: KEY_A, appKey: "", genAppKey: KEY_B }), "chirpstack");
    assert.deepEqual(keysOf(read), { nwkKey: KEY_A, appKey: KEY_B });
  });

  it("says what is wrong when the AppKey stands in appKey alone", () => {
    const [error] = errorsOf(api({ nwkKey: ZEROS, appKey: KEY_A }), "chirpstack");
    assert.equal(error?.code, "root-key-missing");
    assert.match(error.message, /move it to nwk_key/);
  });

  it("has both keys of a 1.1 device, and never a zero one", () => {
    const lorawan11 = { device_profile: { mac_version: "1.1.0" } };
    const both = api({ nwkKey: KEY_A, appKey: KEY_B }, lorawan11);
    assert.deepEqual(keysOf(parseOne(both, "chirpstack")), { nwkKey: KEY_A, appKey: KEY_B });
    const zero = api({ nwkKey: KEY_A, appKey: ZEROS }, lorawan11);
    assert.equal(errorsOf(zero, "chirpstack")[0]?.code, "root-key-missing");
  });
});

describe("CSV of ChirpStack's database", () => {
  const common = ["\\x0102030405060708", "\\x70b3d57ed0000001", "Meter", '"in, the cellar"'];
  const keys = [`\\x${KEY_A}`, `\\x${ZEROS}`, `\\x${ZEROS}`];

  it("has the DevNonces of an older device by JoinEUI", () => {
    const nonces = ['"{""70b3d57ed0000001"": [7, 9, 7], ""0000000000000002"": [1]}"', "12"];
    const text = csv([...common, "1.0.3", "f", '"{""floor"": ""-1""}"', ...keys, ...nonces]);
    const read = parseOne(text, "chirpstack-csv");
    assert.deepEqual(read.nonces, {
      joinNonce: 12,
      lastDevNonce: undefined,
      rjCount1: undefined,
      usedDevNonces: [
        { joinEui: "70b3d57ed0000001", devNonces: [7, 9] },
        { joinEui: "0000000000000002", devNonces: [1] },
      ],
    });
    assert.deepEqual(read.tags, { floor: "-1" });
    assert.deepEqual(keysOf(read), { nwkKey: KEY_A, appKey: undefined });
  });

  it("has the greatest DevNonce of a device that counts, also from before 4.11", () => {
    for (const nonces of ['"{""70b3d57ed0000001"": [7, 9, 8]}"', '"{7,9,8}"', '"[7, 9, 8]"']) {
      const text = csv([...common, "1.0.4", "f", "{}", ...keys, nonces, "3"]);
      const { lastDevNonce, usedDevNonces } = parseOne(text, "chirpstack-csv").nonces;
      assert.deepEqual([lastDevNonce, usedDevNonces], [9, []]);
    }
  });
});
