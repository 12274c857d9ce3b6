import { WarrenError } from "../../errors.ts";
import type { Vault } from "../../join-server/ports/vault.ts";

/** A rotation by another process may come in between again, but not often. */
const MAX_ATTEMPTS = 3;

/** A save was sealed under a data key that a rotation is about to destroy; nothing was changed. */
export class SealedUnderOldKeyError extends Error {
  constructor() {
    super("sealed under an old data key");
    this.name = "SealedUnderOldKeyError";
  }
}

/**
 * To be called in the transaction of a save.
 *
 * @param sealedUnder data key version of the values that are saved
 * @param leastVersion as the database has it
 * @throws SealedUnderOldKeyError for `withCurrentDataKey`, after the transaction is rolled back
 */
export function requireCurrentDataKey(sealedUnder: number, leastVersion: number): void {
  if (sealedUnder < leastVersion) throw new SealedUnderOldKeyError();
}

/**
 * Runs `work`, which opens or seals values; when a rotation by another process has left the data keys in
 * memory behind, loads the new ones and runs it again from the start.
 *
 * @throws WarrenError `vault-unavailable`, `vault-key-unknown`, and what `work` throws
 */
export async function withCurrentDataKey<T>(vault: Vault, work: () => T | Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isDataKeyMissing(error)) throw error;
      if (attempt === MAX_ATTEMPTS) {
        throw new WarrenError(
          "vault-key-unknown",
          "the database needs a data key that the vault does not give",
          { cause: error },
        );
      }
      await vault.refresh();
    }
  }
}

function isDataKeyMissing(error: unknown): boolean {
  return (
    error instanceof SealedUnderOldKeyError ||
    (error instanceof WarrenError && error.code === "vault-key-unknown")
  );
}
