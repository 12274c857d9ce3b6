import { importAes256Key } from "../crypto/aes256.ts";
import { systemRandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import type { DataKeyRecord, DataKeyStore } from "../join-server/ports/data-key-store.ts";
import { type DataKey, DataKeyVault } from "./data-key-vault.ts";
import { masterKeyWrong } from "./data-key-wrapping.ts";
import { type MasterKeyPlaces, masterKeyPlaces } from "./master-key-places.ts";
import type { MasterKeySource } from "./master-key-source.ts";
import type { VaultSettings } from "./vault-settings.ts";

export interface OpenVaultOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether a database without any data key gets its first one; else that is `master-key-missing`. */
  readonly mayCreate?: boolean;
}

/** Version of the first data key of a database. */
const FIRST_VERSION = 1;

/**
 * Opens the vault of a database: every data key of it, by its master key. An empty database gets its first
 * data key, and the vault its first master key; of several processes that start at once, all end up with
 * the same.
 *
 * @throws WarrenError `master-key-missing`, `master-key-wrong`, `vault-unavailable`: the start is to be
 *   refused, and the message says what to do
 */
export async function openVault(
  settings: VaultSettings,
  keys: DataKeyStore,
  options: OpenVaultOptions,
): Promise<DataKeyVault> {
  const load = await openDataKeys(settings, keys, options);
  return new DataKeyVault(await load(), load);
}

/**
 * As `openVault`, for vaults in several threads.
 *
 * @returns gives all data keys that there are when it is called; each is asked of its master key once
 * @throws WarrenError as `openVault`, and so does what it returns
 */
export async function openDataKeys(
  settings: VaultSettings,
  keys: DataKeyStore,
  { now, mayCreate = true }: OpenVaultOptions,
): Promise<() => Promise<DataKey[]>> {
  const places = masterKeyPlaces(settings, now);
  if ((await keys.listDataKeys()).length === 0) {
    if (!mayCreate) {
      throw new WarrenError(
        "master-key-missing",
        "the database has no data key yet: the first start of a Join Server makes it",
      );
    }
    await makeFirstDataKey(places.current, keys, now());
  }
  const loaded = new Map<number, DataKey>();
  return async () => {
    const dataKeys: DataKey[] = [];
    for (const record of await keys.listDataKeys()) {
      const dataKey = loaded.get(record.version) ?? (await unwrap(places, record));
      loaded.set(record.version, dataKey);
      dataKeys.push(dataKey);
    }
    return dataKeys;
  };
}

async function makeFirstDataKey(
  source: MasterKeySource,
  keys: DataKeyStore,
  now: number,
): Promise<void> {
  const versions = await source.listVersions();
  if (versions.length > 0 && !versions.includes(FIRST_VERSION)) {
    throw new WarrenError(
      "master-key-wrong",
      `the database has no data key yet, but ${source.place} has master key version ${versions.join(", ")}, ` +
        "so it belongs to another database; restore that database, or settle on another place for this one",
    );
  }
  const isNew = await source.createMasterKey(FIRST_VERSION);
  if (await insertDataKey({ source, keys, now }, FIRST_VERSION, "vault.create")) return;
  await yieldToOther({ source, keys, version: FIRST_VERSION, isNew });
}

interface Insertion {
  readonly source: MasterKeySource;
  readonly keys: DataKeyStore;
  readonly now: number;
  readonly actor?: string;
}

/** Makes a data key under the master key of its version; false when another process was faster. */
export async function insertDataKey(
  { source, keys, now, actor = "system" }: Insertion,
  version: number,
  action: string,
): Promise<boolean> {
  const dataKey = systemRandomBytes(32);
  const wrappedKey = await source.wrapDataKey(version, dataKey);
  dataKey.fill(0);
  return keys.insertDataKey(
    { version, vault: source.kind, wrappedKey, createdAt: now },
    { at: now, actor, action, subject: `${version}`, details: { vault: source.kind } },
  );
}

/**
 * Another process has made the data key of this version. When it did so under another master key, a key file that
 * was made here for it is of no use and must not stay in the way of the right one. Nothing is destroyed after any other
 * failure, which says nothing of whose key it is; nor on a token, which may call the right key wrong in a passing
 * trouble, and where one more key does no harm: of those of a version the one that opens is the right one.
 *
 * @throws WarrenError `master-key-wrong`, `master-key-missing`, `vault-unavailable`
 */
export async function yieldToOther(attempt: {
  readonly source: MasterKeySource;
  readonly keys: DataKeyStore;
  readonly version: number;
  readonly isNew: boolean;
}): Promise<void> {
  const { source, keys, version, isNew } = attempt;
  const record = (await keys.listDataKeys()).find((one) => one.version === version);
  if (record === undefined || record.vault !== source.kind) return;
  try {
    await source.unwrapDataKey(version, record.wrappedKey);
  } catch (error) {
    const isOther = error instanceof WarrenError && error.code === "master-key-wrong";
    if (isNew && isOther && source.kind === "file") await source.destroyMasterKeys([version]);
    throw error;
  }
}

async function unwrap(places: MasterKeyPlaces, record: DataKeyRecord): Promise<DataKey> {
  const source = places.find(record);
  const bytes = await source.unwrapDataKey(record.version, record.wrappedKey);
  if (bytes.length !== 32) throw masterKeyWrong(source, record.version);
  const key = importAes256Key(bytes);
  bytes.fill(0);
  return { version: record.version, key };
}
