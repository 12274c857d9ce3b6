import { equalBytes } from "../../crypto/constant-time.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { isOvertaken } from "../../root-key/carriage.ts";
import type { Downlink } from "../downlinks/downlink.ts";
import type { DownlinkSender } from "../downlinks/downlink-sender.ts";
import type { ApplicationServerStore } from "../store.ts";
import { nextTransmission, type PendingCommand, splitCommand } from "./pending-command.ts";

export interface PendingSenderOptions {
  readonly store: ApplicationServerStore;
  readonly sender: DownlinkSender;
  readonly logger: Logger;
  readonly fPort: number;
}

/** What a Network Server of ours says of a downlink that no window in reach can carry. */
const TOO_LARGE = "payload-too-large";

/** Sends the command that waits for a device, one downlink at a time. */
export class PendingSender {
  readonly #options: PendingSenderOptions;

  constructor(options: PendingSenderOptions) {
    this.#options = options;
  }

  /**
   * Puts a command in its place, in the caller's transaction. The same one again goes on as it is, and an answer
   * that comes after the request of a later update is of no use any more.
   */
  keep(command: PendingCommand): void {
    const { rootKeys } = this.#options.store;
    const before = rootKeys.pending(command.devEui);
    if (isOvertaken(command, before)) return;
    const isSame = before !== undefined && isSameCommand(before, command);
    rootKeys.savePending(isSame ? { ...before, repeatsLeft: command.repeatsLeft } : command);
  }

  /**
   * Sends what is next, unless a downlink with the command still waits at the Network Server: a second one
   * would only take airtime. What goes wrong is logged; the next uplink of the device brings the next try.
   */
  async sendNext(devEui: Eui64): Promise<void> {
    const { store, sender, logger, fPort } = this.#options;
    const waiting = store.rootKeys.pending(devEui);
    if (waiting === undefined) return;
    const last = this.#lastDownlink(waiting);
    if (last?.state === "queued") return;
    const next = nextTransmission(last?.reason === TOO_LARGE ? splitCommand(waiting) : waiting);
    if (next === undefined) {
      store.transaction(() => store.rootKeys.removePending(devEui));
      return;
    }
    // Counted before it is sent: a process that ends in between sends one too few, not one too many.
    this.#change(next.pending);
    try {
      const request = { fPort, payload: next.payload, isConfirmed: false };
      const { downlinkId } = await sender.send(devEui, request);
      this.#change({ ...next.pending, downlinkId });
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      const { code: reason, message } = error;
      logger.warn({ event: "root-key-downlink-failed", devEui, reason }, message);
    }
  }

  #lastDownlink({ downlinkId }: PendingCommand): Downlink | undefined {
    return downlinkId === undefined ? undefined : this.#options.store.downlink(downlinkId);
  }

  /** Unless another command has taken its place, or it was settled, meanwhile. */
  #change(pending: PendingCommand): void {
    const { store } = this.#options;
    store.transaction(() => {
      const current = store.rootKeys.pending(pending.devEui);
      if (current !== undefined && isSameCommand(current, pending)) {
        store.rootKeys.savePending(pending);
      }
    });
  }
}

function isSameCommand(a: PendingCommand, b: PendingCommand): boolean {
  return equalBytes(a.octets, b.octets);
}
