import type { AuditEvent } from "../../../src/join-server/ports/audit-log.ts";
import type {
  DataKeyRecord,
  DataKeyStore,
  Resealer,
} from "../../../src/join-server/ports/data-key-store.ts";
import { sealedVersion, type Vault } from "../../../src/join-server/ports/vault.ts";

/** What several processes share: data keys, the fence, and values sealed under contexts `value/<n>`. */
export class MemoryDatabase implements DataKeyStore {
  records: DataKeyRecord[] = [];
  readonly values: Uint8Array[] = [];
  readonly audit: AuditEvent[] = [];
  #leastVersion = 0;

  listDataKeys(): Promise<DataKeyRecord[]> {
    return Promise.resolve(this.records.toSorted((a, b) => a.version - b.version));
  }

  insertDataKey(record: DataKeyRecord, audit?: AuditEvent): Promise<boolean> {
    if (this.records.some(({ version }) => version === record.version)) {
      return Promise.resolve(false);
    }
    this.records.push(record);
    return this.#recorded(audit, true);
  }

  leastSealingVersion(): Promise<number> {
    return Promise.resolve(this.#leastVersion);
  }

  raiseLeastSealingVersion(version: number, audit?: AuditEvent): Promise<void> {
    this.#leastVersion = Math.max(version, this.#leastVersion);
    return this.#recorded(audit, undefined);
  }

  deleteDataKey(version: number, audit?: AuditEvent): Promise<void> {
    this.records = this.records.filter((record) => record.version !== version);
    return this.#recorded(audit, undefined);
  }

  /** As one process sees it. */
  openedWith(vault: Vault): OpenedDatabase {
    return new OpenedDatabase(this, vault);
  }

  #recorded<T>(audit: AuditEvent | undefined, result: T): Promise<T> {
    if (audit !== undefined) this.audit.push(audit);
    return Promise.resolve(result);
  }
}

/** Its methods may be replaced for a test without changing what other processes see. */
export class OpenedDatabase implements DataKeyStore, Resealer {
  readonly #database: MemoryDatabase;
  readonly #vault: Vault;

  constructor(database: MemoryDatabase, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  listDataKeys = () => this.#database.listDataKeys();
  insertDataKey: DataKeyStore["insertDataKey"] = (...args) => this.#database.insertDataKey(...args);
  leastSealingVersion = () => this.#database.leastSealingVersion();
  raiseLeastSealingVersion: DataKeyStore["raiseLeastSealingVersion"] = (...args) =>
    this.#database.raiseLeastSealingVersion(...args);
  deleteDataKey: DataKeyStore["deleteDataKey"] = (...args) => this.#database.deleteDataKey(...args);

  countSealedBefore: Resealer["countSealedBefore"] = (version) =>
    Promise.resolve(this.#database.values.filter((value) => sealedVersion(value) < version).length);

  resealSome: Resealer["resealSome"] = (version, limit) => {
    let done = 0;
    for (const [index, value] of this.#database.values.entries()) {
      if (done === limit || sealedVersion(value) >= version) continue;
      const context = `value/${index}`;
      this.#database.values[index] = this.#vault.seal(this.#vault.open(value, context), context);
      done++;
    }
    return Promise.resolve(done);
  };
}
