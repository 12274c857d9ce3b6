import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { EventBell } from "../events.ts";
import type { ApplicationServerStore } from "../store.ts";
import {
  applyDownlinkEvent,
  type Downlink,
  type DownlinkEventName,
  downlinkEvent,
  failDownlink,
} from "./downlink.ts";

export interface DownlinkLogOptions {
  readonly store: ApplicationServerStore;
  readonly bell: EventBell;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps downlinks and their states, and tells applications of each change. */
export class DownlinkLog {
  readonly #options: DownlinkLogOptions;

  constructor(options: DownlinkLogOptions) {
    this.#options = options;
  }

  /** Stores a new downlink, or one with a new state. */
  keep(downlink: Downlink): void {
    const { store, bell } = this.#options;
    store.transaction(() => {
      store.saveDownlink(downlink);
      store.addEvent(downlinkEvent(downlink));
    });
    bell.ring();
  }

  /** The Network Server took the downlink. Returns it as it stands now. */
  markAnswered(downlinkId: string): Downlink | undefined {
    const { store } = this.#options;
    return store.transaction(() => {
      const downlink = store.downlink(downlinkId);
      if (downlink === undefined || downlink.isAnswered) return downlink;
      const answered = { ...downlink, isAnswered: true };
      store.saveDownlink(answered);
      return answered;
    });
  }

  /** The downlink could not be handed over, unless the Network Server has told of it already. */
  fail(downlinkId: string, reason: string): void {
    const { store, clock, logger } = this.#options;
    const downlink = store.downlink(downlinkId);
    if (downlink === undefined || downlink.isAnswered) return;
    this.keep(failDownlink(downlink, reason, clock.now()));
    logger.warn({ event: "downlink-failed", devEui: downlink.devEui, downlinkId, reason });
  }

  /** Marks what a stopped process left half done: nobody waits for the Network Server's answer any more. */
  failInterrupted(): void {
    for (const downlink of this.#options.store.unansweredDownlinks()) {
      this.fail(downlink.downlinkId, "interrupted by a restart of the Application Server");
    }
  }

  /** Takes what the Network Server tells of a downlink. Unknown and repeated news change nothing. */
  takeEvent(news: {
    readonly devEui: Eui64;
    readonly downlinkId: string;
    readonly event: DownlinkEventName;
    readonly reason?: string | undefined;
  }): void {
    const { store, clock, logger } = this.#options;
    const { devEui, downlinkId, event, reason } = news;
    const downlink = store.downlink(downlinkId);
    if (downlink === undefined || downlink.devEui !== devEui) {
      logger.warn({ event: "downlink-event-unknown", devEui, downlinkId });
      return;
    }
    const changed = applyDownlinkEvent(downlink, event, { reason, atMs: clock.now() });
    if (changed !== downlink) this.keep(changed);
  }
}
