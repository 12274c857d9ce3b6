import { WarrenError } from "../errors.ts";
import type { DataKeyRecord } from "../join-server/ports/data-key-store.ts";
import { KeyFile } from "./key-file/key-file.ts";
import type { MasterKeySource } from "./master-key-source.ts";
import { Pkcs11MasterKeys } from "./pkcs11/pkcs11-master-keys.ts";
import type { VaultSettings } from "./vault-settings.ts";

/** Where the master keys of one database are: in one place, or in two while they move. */
export interface MasterKeyPlaces {
  /** Where new ones are made. */
  readonly current: MasterKeySource;
  readonly all: readonly MasterKeySource[];
  /** The place of the master key of a data key. @throws WarrenError `master-key-missing` */
  find(record: DataKeyRecord): MasterKeySource;
}

/** @param now epoch milliseconds */
export function masterKeyPlaces(settings: VaultSettings, now: () => number): MasterKeyPlaces {
  const { previous } = settings;
  const current = openPlace(settings, now);
  const all = previous === undefined ? [current] : [current, openPlace(previous, now)];
  return {
    current,
    all,
    find({ version, vault }) {
      const place = all.find(({ kind }) => kind === vault);
      if (place !== undefined) return place;
      throw new WarrenError(
        "master-key-missing",
        `data key version ${version} needs its master key from a vault of the kind "${vault}", but the ` +
          `settings name only ${current.place}; name the other one as well until warren vault rotate is done`,
      );
    },
  };
}

function openPlace(settings: VaultSettings, now: () => number): MasterKeySource {
  return settings.kind === "file"
    ? new KeyFile(settings.path, now)
    : new Pkcs11MasterKeys(settings);
}
