import { rm } from "node:fs/promises";
import { importAes256Key } from "../../crypto/aes256.ts";
import { systemRandomBytes } from "../../crypto/random.ts";
import { XAES_NONCE_BYTES, Xaes256Gcm } from "../../crypto/xaes-256-gcm.ts";
import { masterKeyMissing, masterKeyWrong, wrappingContext } from "../data-key-wrapping.ts";
import type { MasterKeySource } from "../master-key-source.ts";
import { formatKeyFile, type MasterKey, parseKeyFile } from "./key-file-format.ts";
import { createOwnerOnlyFile, readOwnerOnlyFile, replaceOwnerOnlyFile } from "./owner-only-file.ts";

/**
 * Master keys in a file for its owner only. A data key is wrapped by XAES-256-GCM:
 *
 * | nonce | ciphertext | tag |
 * |  24   |     32     | 16  |  bytes
 *
 * The file is read anew each time, so that a copy put in its place counts without a restart. Two processes
 * may create the file at once; a key in a file that is there may be added or erased by one at a time.
 */
export class KeyFile implements MasterKeySource {
  readonly kind = "file";
  readonly place: string;
  readonly #path: string;
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(path: string, now: () => number) {
    this.place = `the key file ${path}`;
    this.#path = path;
    this.#now = now;
  }

  async listVersions(): Promise<number[]> {
    return ((await this.#read()) ?? []).map(({ version }) => version);
  }

  async createMasterKey(version: number): Promise<boolean> {
    const key = importAes256Key(systemRandomBytes(32));
    const masterKey = { version, createdAt: this.#now(), key };
    let keys = await this.#read();
    if (keys === undefined) {
      if (await createOwnerOnlyFile(this.#path, formatKeyFile([masterKey]))) return true;
      keys = (await this.#read()) ?? [];
    }
    if (keys.some((other) => other.version === version)) return false;
    const all = [...keys, masterKey].sort((a, b) => a.version - b.version);
    await replaceOwnerOnlyFile(this.#path, formatKeyFile(all));
    return true;
  }

  async wrapDataKey(version: number, dataKey: Uint8Array): Promise<Uint8Array> {
    const nonce = systemRandomBytes(XAES_NONCE_BYTES);
    const cipher = await this.#cipher(version);
    return Buffer.concat([nonce, cipher.seal(nonce, dataKey, wrappingContext(version))]);
  }

  async unwrapDataKey(version: number, wrapped: Uint8Array): Promise<Uint8Array> {
    const cipher = await this.#cipher(version);
    const dataKey =
      wrapped.length > XAES_NONCE_BYTES
        ? cipher.open(
            wrapped.subarray(0, XAES_NONCE_BYTES),
            wrapped.subarray(XAES_NONCE_BYTES),
            wrappingContext(version),
          )
        : undefined;
    if (dataKey === undefined) throw masterKeyWrong(this, version);
    return dataKey;
  }

  async destroyMasterKeys(versions: readonly number[]): Promise<void> {
    const keys = (await this.#read()) ?? [];
    const rest = keys.filter(({ version }) => !versions.includes(version));
    if (rest.length === keys.length) return;
    if (rest.length === 0) await rm(this.#path);
    else await replaceOwnerOnlyFile(this.#path, formatKeyFile(rest));
  }

  async #cipher(version: number): Promise<Xaes256Gcm> {
    const found = ((await this.#read()) ?? []).find((one) => one.version === version);
    if (found === undefined) throw masterKeyMissing(this, version);
    return new Xaes256Gcm(found.key);
  }

  async #read(): Promise<MasterKey[] | undefined> {
    const text = await readOwnerOnlyFile(this.#path);
    return text === undefined ? undefined : parseKeyFile(this.#path, text);
  }
}
