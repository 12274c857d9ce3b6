import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { exportAes128Key } from "../../../src/crypto/aes128.ts";
import { JoinServerRig, type Json, NET_ID } from "../../support/join-server-rig.ts";
import { spellingsOf } from "../../support/key-search.ts";
import { OctetSearch } from "../../support/octet-search.ts";
import { TestDevice } from "../../support/test-device.ts";

/** The whole number is 10,000; this one shows the same in some seconds. */
const DEVICES = Number(process.env["WARREN_ERASED_DEVICES"] ?? 150);
/** What an erasure may be late by: its interval and a busy machine. */
const ERASED_AFTER_MS = 2_000;
/** How long a piece is that is not found by chance. */
const OCTETS_OF_KEYS = 8;
const OCTETS_OF_TEXTS = 16;
/** Of a sealed value, after version and nonce, which others share. */
const SEALED_HEADER_OCTETS = 28;

/** Every file of the folder of a database, as it is on disk now. */
function filesOf(path: string): Buffer[] {
  const folder = dirname(path);
  const names = readdirSync(folder).filter((name) => name.startsWith(basename(path)));
  assert.ok(names.includes(basename(path)));
  return names.map((name) => readFileSync(join(folder, name)));
}

/** How many of the values have a piece in one of the files. */
function countIn(
  files: readonly Buffer[],
  values: readonly Uint8Array[],
  pieceOctets = OCTETS_OF_KEYS,
): number {
  const search = new OctetSearch(values, pieceOctets);
  return new Set(files.flatMap((file) => [...search.findIn(file)])).size;
}

/** The ciphertexts of all root keys now, in hex. */
function sealedRootKeys(path: string): Set<string> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare("SELECT root_keys FROM devices").all();
    return new Set(
      rows.map((row) =>
        Buffer.from(row["root_keys"] as Uint8Array)
          .subarray(SEALED_HEADER_OCTETS)
          .toString("hex"),
      ),
    );
  } finally {
    database.close();
  }
}

const octetsOf = (hex: Iterable<string>) => [...hex].map((text) => Buffer.from(text, "hex"));

const textsOf = (device: TestDevice) =>
  device.allKeys.flatMap((key) => spellingsOf(key).map((text) => Buffer.from(text, "latin1")));

describe("keys that an update has replaced", () => {
  it("are nowhere in the files of the database, sealed or not", {
    timeout: 3_600_000,
  }, async () => {
    const rig = await JoinServerRig.start();
    const route = { url: "http://127.0.0.1:1", relaysRootKeyUpdates: true };
    const kek = rig.nsKek.export().toString("hex");
    await rig.put(`network-servers/${NET_ID}`, { ...route, kekLabel: "ns:kek", kek });
    const devices = Array.from({ length: DEVICES }, () => new TestDevice("1.1.0"));
    const seen = new Set<string>();
    const look = () => {
      for (const sealed of sealedRootKeys(rig.path)) seen.add(sealed);
    };
    const each = async (step: (device: TestDevice, index: number) => Promise<void>) => {
      for (const [index, device] of devices.entries()) await step(device, index);
      look();
    };
    const requests = new Map<TestDevice, string>();
    await each(async (device, index) => {
      const description = "x".repeat(index % 300);
      await rig.register(device, { updatePolicy: { minimumPeriodMs: 0 }, description });
    });
    await each(async (device) => {
      await rig.join(device);
    });
    await each(async (device, index) => {
      // Every other one of the healing kind, whose private key is to be gone too.
      const path = `devices/${device.devEui}/root-key-update`;
      const { status } = await rig.call("POST", path, { isHealing: index % 2 === 1 });
      assert.equal(status, 202);
      requests.set(device, rig.deliveries.at(-1)?.macCommand as string);
    });
    await each(async (device, index) => {
      const ready = device.receiveCommand(requests.get(device) as string);
      const members = { DevEUI: device.devEui, MACCommand: ready };
      const answer: Json = await rig.ask("RootKeyCommandReq", members);
      // Every tenth does not hear of it, and its candidate is given up.
      if (index % 10 !== 0) device.receiveCommand(answer["MACCommand"] as string);
      else {
        const { status } = await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
        assert.ok(status < 300, `${status}`);
      }
    });
    await each(async (device) => {
      await rig.join(device);
    });

    const current = sealedRootKeys(rig.path);
    const old = octetsOf([...seen].filter((sealed) => !current.has(sealed)));
    const keys = devices.flatMap(({ allKeys }) => allKeys.map(exportAes128Key));
    const texts = devices.flatMap(textsOf);
    assert.ok(old.length >= 2 * DEVICES, `${old.length} old values of ${DEVICES} devices`);
    const generations = await Promise.all(
      devices.map(async (device) => (await rig.show(device))["generation"]),
    );
    assert.equal(
      generations.filter((generation) => generation === 1).length,
      DEVICES - Math.ceil(DEVICES / 10),
    );

    await sleep(ERASED_AFTER_MS);
    const openFiles = filesOf(rig.path);
    assert.equal(countIn(openFiles, octetsOf(current)), current.size, "the current ones are found");
    assert.equal(countIn(openFiles, old), 0, "old ones, while the database is open");
    assert.equal(countIn(openFiles, keys), 0, "keys in the clear");
    assert.equal(countIn(openFiles, texts, OCTETS_OF_TEXTS), 0, "keys as text");
    await rig.store.close();
    const closedFiles = filesOf(rig.path);
    assert.equal(countIn(closedFiles, octetsOf(current)), current.size);
    assert.equal(countIn(closedFiles, old), 0, "old ones, once it is closed");
    assert.equal(countIn(closedFiles, keys), 0);
    assert.equal(countIn(closedFiles, texts, OCTETS_OF_TEXTS), 0);
  });
});
