import type { Clock } from "../../clock.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { ApplicationServerStore } from "../store.ts";
import type { RootKeyUsage } from "./root-key-store.ts";

export interface FrameCountOptions {
  readonly store: ApplicationServerStore;
  readonly clock: Clock;
  readonly updateAfterFrames: number;
}

/** Whatever the Join Server answers, it is not asked again sooner. */
const ASK_AGAIN_MS = 60 * 60 * 1000;

/**
 * Counts uplinks of a device since the last update that this server has carried, to ask for the next one in
 * time. It learns of no other updates.
 */
export class FrameCount {
  readonly #options: FrameCountOptions;

  constructor(options: FrameCountOptions) {
    this.#options = options;
  }

  /** One more uplink, in the transaction that stores it. */
  count(devEui: Eui64, joinEui: Eui64, isNewSession: boolean): void {
    if (this.#options.updateAfterFrames === 0) return;
    const { rootKeys } = this.#options.store;
    const before = rootKeys.usage(devEui) ?? unused(devEui, joinEui);
    const isNewGeneration = isNewSession && before.isConfirmed;
    const frames = isNewGeneration ? 0 : before.frames;
    const isConfirmed = before.isConfirmed && !isNewGeneration;
    rootKeys.saveUsage({ ...before, joinEui, frames: frames + 1, isConfirmed });
  }

  /** The Join Server has confirmed new keys; in the transaction that stores its answer. */
  markConfirmed(devEui: Eui64): void {
    const { rootKeys } = this.#options.store;
    const usage = rootKeys.usage(devEui);
    if (usage !== undefined) rootKeys.saveUsage({ ...usage, isConfirmed: true });
  }

  /** What to ask the Join Server for now, if anything; it counts as asked. */
  takeAsk(devEui: Eui64): RootKeyUsage | undefined {
    const { store, clock, updateAfterFrames } = this.#options;
    if (updateAfterFrames === 0) return undefined;
    const usage = store.rootKeys.usage(devEui);
    if (usage === undefined || usage.isConfirmed || usage.frames < updateAfterFrames) {
      return undefined;
    }
    const now = clock.now();
    if (now < usage.askNotBeforeMs || store.rootKeys.pending(devEui) !== undefined) {
      return undefined;
    }
    store.transaction(() => {
      store.rootKeys.saveUsage({ ...usage, askNotBeforeMs: now + ASK_AGAIN_MS });
    });
    return usage;
  }
}

function unused(devEui: Eui64, joinEui: Eui64): RootKeyUsage {
  return { devEui, joinEui, frames: 0, isConfirmed: false, askNotBeforeMs: 0 };
}
