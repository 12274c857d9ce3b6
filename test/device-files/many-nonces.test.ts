import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import { detectFileFormat, readRecords } from "../../src/cli/client/import/read-records.ts";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { type DeviceRecord, isRecordError } from "../../src/device-files/device-record.ts";
import { formatDevice, headingOf } from "../../src/device-files/format-devices.ts";
import { importRecipient, sealText } from "../../src/device-files/jwe/sealed-devices.ts";
import { parseEui64, parseNetId } from "../../src/lorawan/identifiers.ts";
import { readImport } from "../../src/server/join-server/import/read-import.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const JOIN_EUI = parseEui64("70b3d57ed0000001");
const NET_ID = parseNetId("000013");
const OPTIONS = { defaults: { homeNetId: NET_ID, asId: "as" }, keks: new Map() };
/** As many as a device of LoRaWAN 1.0.0 to 1.0.3 can have with one JoinEUI. */
const ALL = 65_536;

function deviceWith(number: number, nonces: number): DeviceRecord {
  return {
    devEui: parseEui64(`010203040506070${number}`),
    joinEui: JOIN_EUI,
    macVersion: "1.0.3",
    rootKeys: { nwkKey: importAes128Key(new Uint8Array(16).fill(16 + number)), appKey: undefined },
    homeNetId: NET_ID,
    asId: "as",
    name: "",
    description: "",
    tags: {},
    isDisabled: false,
    own: {},
    nonces: {
      joinNonce: nonces,
      lastDevNonce: undefined,
      rjCount1: undefined,
      usedDevNonces: [
        { joinEui: JOIN_EUI, devNonces: Array.from({ length: nonces }, (_, i) => i) },
      ],
    },
  };
}

const textOf = (format: "warren" | "chirpstack-csv", devices: readonly DeviceRecord[]) =>
  headingOf(format) +
  devices.map((device) => formatDevice(format, device, { kind: "clear" })).join("");

describe("a device that has used all its DevNonces", () => {
  for (const format of ["warren", "chirpstack-csv"] as const) {
    it(`is read from a file of the format ${format}, which is recognised, wherever it stands`, async () => {
      for (const counts of [
        [ALL, 3],
        [3, ALL, 5],
      ]) {
        const file = join(temporaryFolder(), "devices");
        const devices = counts.map((count, index) => deviceWith(index, count));
        writeFileSync(file, textOf(format, devices));
        assert.equal(await detectFileFormat(file), format);
        const found: unknown[] = [];
        for await (const records of readRecords(file, format, OPTIONS)) {
          for (const record of records) {
            assert.ok(!isRecordError(record), JSON.stringify(record));
            const used = record.device.nonces.usedDevNonces;
            found.push(used.reduce((sum, { devNonces }) => sum + devNonces.length, 0));
          }
        }
        assert.deepEqual(found, counts);
      }
    });
  }

  it("is read when it is sealed", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ECDH-ES", {
      crv: "P-256",
      extractable: true,
    });
    const recipient = await importRecipient(await exportJWK(publicKey));
    const sealed = await sealText(textOf("warren", [deviceWith(1, ALL)]), recipient);
    const keys = {
      load: async () => ({ privateKey: { key: privateKey, thumbprint: recipient.thumbprint } }),
    };
    const { records } = await readImport(sealed, "jwe", { keys: keys as never, options: OPTIONS });
    assert.deepEqual(
      records.map((record) => (isRecordError(record) ? record : record.device.devEui)),
      ["0102030405060701"],
    );
  });
});
