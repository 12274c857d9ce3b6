import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { PolicyStore } from "../ports/policy-store.ts";
import type { PolicyLevels } from "./policy-levels.ts";

/** From this age on they are read again, while the answer still comes from memory ... */
const REFRESH_AFTER_MS = 2_000;
/** ... and from this one on whoever asks waits for it. */
const TOO_OLD_MS = 10_000;

export type PolicySource = Pick<PolicyStore, "loadUpdatePolicy" | "listDeviceProfiles">;

export interface PolicyBookOptions {
  readonly store: PolicySource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The policies of all devices and of device profiles, kept in memory: a join that looks at them does not wait
 * for the database. What another process has changed is seen after some seconds.
 */
export class PolicyBook {
  readonly #options: PolicyBookOptions;
  #levels: PolicyLevels | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<PolicyLevels> | undefined;

  constructor(options: PolicyBookOptions) {
    this.#options = options;
  }

  /** @throws WarrenError `storage-failed` when there is nothing in memory that will do */
  levels(): Promise<PolicyLevels> | PolicyLevels {
    const levels = this.#levels;
    const ageMs = this.#options.clock.now() - this.#readAt;
    if (levels === undefined || ageMs >= TOO_OLD_MS || ageMs < 0) return this.#read();
    if (ageMs >= REFRESH_AFTER_MS) this.#readInBackground();
    return levels;
  }

  /** As they are in the database now. @throws WarrenError `storage-failed` */
  async freshLevels(): Promise<PolicyLevels> {
    // One that is under way may have looked before the change that the caller has just made.
    await this.#reading?.catch(() => undefined);
    return this.#read();
  }

  #read(): Promise<PolicyLevels> {
    this.#reading ??= this.#load().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #load(): Promise<PolicyLevels> {
    const { store, clock } = this.#options;
    const readAt = clock.now();
    const levels = await readPolicyLevels(store);
    this.#levels = levels;
    this.#readAt = readAt;
    return levels;
  }

  #readInBackground(): void {
    if (this.#reading !== undefined) return;
    this.#read().catch((error: unknown) => {
      if (!(error instanceof WarrenError)) throw error;
      const { code: reason, message } = error;
      this.#options.logger.warn({ event: "policies-not-read", reason }, message);
    });
  }
}

/** @throws WarrenError `storage-failed` */
export async function readPolicyLevels(store: PolicySource): Promise<PolicyLevels> {
  const [allDevices, profiles] = await Promise.all([
    store.loadUpdatePolicy(),
    store.listDeviceProfiles(),
  ]);
  return { allDevices, profiles: new Map(profiles.map((profile) => [profile.name, profile])) };
}
