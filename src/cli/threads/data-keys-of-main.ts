import type { DataKey } from "../../vault/data-key-vault.ts";
import { errorOf, type Failure } from "./failure.ts";

/** The data keys, which a thread asks the main one for, so that a token is logged in to once. */
export class DataKeysOfMain {
  readonly #ask: () => void;
  #wanted: PromiseWithResolvers<readonly DataKey[]> | undefined;

  /** @param ask has the main thread answer, for `receive` */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** @throws WarrenError `vault-unavailable` */
  load(): Promise<readonly DataKey[]> {
    this.#wanted = Promise.withResolvers();
    this.#ask();
    return this.#wanted.promise;
  }

  receive(dataKeys: readonly DataKey[] | Failure): void {
    if ("message" in dataKeys) this.#wanted?.reject(errorOf(dataKeys));
    else this.#wanted?.resolve(dataKeys);
  }
}
