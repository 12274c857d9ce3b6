import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { type Aes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import { sha256 } from "../../../src/crypto/sha256.ts";
import { DEFAULT_DEVICE_SETTINGS, type Device } from "../../../src/join-server/device.ts";
import type { DataKeyStore } from "../../../src/join-server/ports/data-key-store.ts";
import type { JoinServerStore } from "../../../src/join-server/ports/join-server-store.ts";
import { newDevice } from "../../../src/join-server/register-device.ts";
import { type Eui64, parseEui64, parseNetId } from "../../../src/lorawan/identifiers.ts";
import { openJoinServerStorage } from "../../../src/storage/join-server/open-storage.ts";
import { openVault } from "../../../src/vault/open-vault.ts";
import type { VaultSettings } from "../../../src/vault/vault-settings.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** The data folder of a Join Server with devices whose root keys are known by their number. */
export class JoinServerFolder {
  readonly path = join(temporaryFolder(), "data");
  readonly databasePath = join(this.path, "join-server.db");
  readonly keyFilePath = join(this.path, "master-keys");
  readonly #vault: VaultSettings;

  constructor(vault?: VaultSettings) {
    this.#vault = vault ?? { kind: "file", path: this.keyFilePath };
  }

  /** As a server opens it. */
  open(vault = this.#vault): Promise<JoinServerStore & DataKeyStore> {
    return openJoinServerStorage({ kind: "sqlite", path: this.databasePath }, (keys) =>
      openVault(vault, keys, { now: systemClock.now }),
    );
  }

  async addDevices(count: number): Promise<void> {
    const store = await this.open();
    const devices = Array.from({ length: count }, (_, number) => ({
      device: makeDevice(number),
      usedDevNonces: [],
    }));
    for (let start = 0; start < count; start += 1000) {
      await store.createDevices(devices.slice(start, start + 1000));
    }
    await store.close();
  }

  /** Every device opens and has its keys; all is sealed under this version, whose keys alone are left. */
  async assertRotated(version: number, count: number, vault = this.#vault): Promise<void> {
    const store = await this.open(vault);
    try {
      assert.deepEqual(
        (await store.listDataKeys()).map((record) => record.version),
        [version],
      );
      assert.equal(await store.countSealedBefore(version), 0);
      for (let number = 0; number < count; number++) {
        const device = await store.loadDevice(devEuiOf(number), "fresh");
        assert.deepEqual(device?.rootKeys.currentKeys.nwkKey.export(), rootKeyOf(number).export());
      }
    } finally {
      await store.close();
    }
  }
}

export function devEuiOf(number: number): Eui64 {
  return parseEui64(number.toString(16).padStart(16, "0"));
}

export function rootKeyOf(number: number): Aes128Key {
  return importAes128Key(sha256(`root key ${number}`).subarray(0, 16));
}

function makeDevice(number: number): Device {
  const settings = {
    ...DEFAULT_DEVICE_SETTINGS,
    devEui: devEuiOf(number),
    joinEui: parseEui64("70b3d57ed0000001"),
    macVersion: "1.0.4" as const,
    homeNetId: parseNetId("000001"),
    asId: "as",
  };
  return newDevice(settings, { nwkKey: rootKeyOf(number), appKey: undefined }, Date.now());
}
