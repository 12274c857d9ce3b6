import { after, before } from "node:test";
import type { Device } from "../../../../src/join-server/device.ts";
import type { DataKeyStore } from "../../../../src/join-server/ports/data-key-store.ts";
import type { UsedDevNonce } from "../../../../src/join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../../../src/join-server/ports/join-server-store.ts";
import type { Vault } from "../../../../src/join-server/ports/vault.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { TestKeyring } from "../../../support/test-vault.ts";
import { anyDevice } from "./arbitrary-records.ts";

export type AnyStore = JoinServerStore & DataKeyStore;

/** A database that is empty at first. */
export interface TestDatabase {
  /** Opens it as another process would. */
  open(vault: Vault): Promise<AnyStore>;
  /** Once all stores are closed. */
  dispose?(): Promise<void>;
}

export type MakeDatabase = () => TestDatabase | Promise<TestDatabase>;

/** A new database for the tests of the enclosing suite, and stores on it. */
export class StoreUnderTest {
  keyring = new TestKeyring();
  store!: AnyStore;
  readonly #opened: AnyStore[] = [];
  #database!: TestDatabase;

  constructor(makeDatabase: MakeDatabase) {
    before(async () => {
      this.#database = await makeDatabase();
      this.store = await this.openAnother();
    });
    after(async () => {
      for (const store of this.#opened) await store.close();
      await this.#database.dispose?.();
    });
  }

  /** Another process, with a vault of its own unless one is given. */
  async openAnother(vault: Vault = this.keyring.openVault()): Promise<AnyStore> {
    const store = await this.#database.open(vault);
    this.#opened.push(store);
    return store;
  }

  /** A device of the store as it is loaded. */
  async created(changes: Partial<Device> = {}): Promise<Device> {
    const made = anyDevice(changes);
    await this.store.createDevices([{ device: made, usedDevNonces: [] }]);
    return this.loaded(made.devEui);
  }

  async loaded(devEui: Eui64): Promise<Device> {
    const device = await this.store.loadDevice(devEui);
    if (device === undefined) throw new Error(`no device ${devEui}`);
    return device;
  }
}

export function nonceOf({ joinEui }: Device, devNonce: number): { usedDevNonce: UsedDevNonce } {
  return { usedDevNonce: { joinEui, devNonce } };
}
