import type { StorageSettings } from "../../../storage/join-server/open-storage.ts";
import { JoinWriter } from "../../../storage/join-server/sqlite/joins/join-writer.ts";
import { ThreadLock } from "../../../storage/thread-lock.ts";

/**
 * Joins wait for the disk on a thread of its own, all that come meanwhile together.
 *
 * @param lock of all threads of this process that write to the file
 */
export function withJoinWriter(storage: StorageSettings, lock: SharedArrayBuffer): StorageSettings {
  if (storage.kind !== "sqlite") return storage;
  const joinWriter = new JoinWriter({ path: storage.path, lock });
  return { ...storage, threads: { lock: new ThreadLock(lock), joinWriter } };
}
