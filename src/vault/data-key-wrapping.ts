import { WarrenError } from "../errors.ts";
import type { MasterKeySource } from "./master-key-source.ts";

/** Additional data of a wrapped data key: it opens as the key of this version only. */
export function wrappingContext(version: number): Uint8Array {
  return Buffer.from(`warren/data-key/1/${version}`);
}

export function masterKeyMissing(source: MasterKeySource, version: number): WarrenError {
  return new WarrenError(
    "master-key-missing",
    `${source.place} has no master key version ${version}, which the database needs; ` +
      (source.kind === "file"
        ? "put the newest key file of this database there, from another of its machines or from a backup"
        : "connect the token of this database, or restore that key to it"),
  );
}

export function masterKeyWrong(source: MasterKeySource, version: number): WarrenError {
  return new WarrenError(
    "master-key-wrong",
    `master key version ${version} of ${source.place} does not open data key version ${version} of this ` +
      "database: it belongs to another database; put the right " +
      (source.kind === "file" ? "key file in its place" : "token or key label into the settings"),
  );
}
