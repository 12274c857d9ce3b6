import { WarrenError } from "../../errors.ts";
import type { NetworkServerContext } from "../context.ts";
import { queueForceRejoin } from "../mac/rejoin-commands.ts";
import { askRootKeyUpdate } from "./ask-root-key-update.ts";
import { updateReason } from "./update-reason.ts";

/** Devices taken up in one tick; the others come in the next. */
const DEVICES_PER_TICK = 20;
/** New keys and nothing else: radio parameters stay (LoRaWAN 1.1 §6.2.4, table 15). */
const REKEYING_REJOIN_TYPE = 2;

/**
 * Looks at all devices from time to time and asks for new keys where a limit has been reached: root keys
 * from the Join Server, session keys of 1.1 devices by ForceRejoinReq. LoRaWAN 1.0.x has no such command.
 */
export class PolicyTimer {
  readonly #context: NetworkServerContext;
  readonly #tickMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(context: NetworkServerContext, tickMs: number) {
    this.#context = context;
    this.#tickMs = tickMs;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.tick().finally(() => this.start());
    }, this.#tickMs);
  }

  /** Stops, after the question under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** One look at all devices. */
  async tick(): Promise<void> {
    try {
      this.#askForRejoins();
      await this.#askForRootKeys();
    } catch (error) {
      const { logger } = this.#context;
      if (error instanceof WarrenError) {
        logger.error({ event: "policy-failed", code: error.code, err: error }, error.message);
      } else {
        logger.error({ event: "defect", err: error }, "unexpected error");
      }
    }
  }

  async #askForRootKeys(): Promise<void> {
    const { store, settings, clock, logger } = this.#context;
    if (!settings.relaysRootKeys) return;
    const limits = settings.policy.rootKeys;
    const now = clock.now();
    for (const device of store.findRootKeyUpdatesDue(limits, now, DEVICES_PER_TICK)) {
      const reason = updateReason(device, limits, now);
      if (reason === undefined) continue;
      if (this.#isClosed) return;
      const { devEui } = device;
      try {
        await askRootKeyUpdate(this.#context, devEui, reason);
      } catch (error) {
        if (!(error instanceof WarrenError)) throw error;
        logger.warn({ event: "root-key-update-not-asked", devEui, code: error.code });
      }
    }
  }

  #askForRejoins(): void {
    const { store, settings, clock, logger } = this.#context;
    const now = clock.now();
    const limits = settings.policy.sessions;
    // Every device hears its lowest data rate.
    const dataRate = settings.region.joinChannels[0]?.minDr ?? 0;
    for (const { devEui } of store.findSessionUpdatesDue(limits, now, DEVICES_PER_TICK)) {
      store.changeDevice(devEui, (device) => ({
        device: {
          ...queueForceRejoin(device, REKEYING_REJOIN_TYPE, dataRate),
          sessionUpdateAskedAt: now,
        },
        messages: [],
      }));
      logger.info({ event: "session-update-asked", devEui });
    }
  }
}
