import { importAes256Key } from "../../src/crypto/aes256.ts";
import { type DataKey, DataKeyVault } from "../../src/vault/data-key-vault.ts";

/**
 * The data keys of one database, for tests. Vaults opened from it are like processes: a version added
 * later is theirs after `refresh()`.
 */
export class TestKeyring {
  #versions: number[];

  constructor(...versions: number[]) {
    this.#versions = versions.length === 0 ? [1] : versions;
  }

  /** Fixed by the version, so that keyrings agree: 32 octets that all are `0xa0 + version`. */
  get keys(): DataKey[] {
    return this.#versions.map((version) => ({
      version,
      key: importAes256Key(new Uint8Array(32).fill(0xa0 + version)),
    }));
  }

  add(version: number): void {
    this.#versions = [...this.#versions, version];
  }

  remove(version: number): void {
    this.#versions = this.#versions.filter((one) => one !== version);
  }

  openVault(): DataKeyVault {
    return new DataKeyVault(this.keys, () => Promise.resolve(this.keys));
  }
}

/** A vault with data key version 1. */
export function testVault(): DataKeyVault {
  return new TestKeyring().openVault();
}
