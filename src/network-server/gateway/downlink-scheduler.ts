import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { Region } from "../../lorawan/region/region.ts";
import { LEAD_TIME_MS, type ReceiveWindow, windowsInTime } from "../downlink/receive-windows.ts";
import type { TransmissionOutcome } from "../downlink/record-transmission.ts";
import { encodeTransmission } from "./encode-transmission.ts";
import type { GatewayServer } from "./gateway-server.ts";
import type { ReceivedUplink } from "./received-uplink.ts";

/** A frame and the windows that can carry it, first choice first. */
export interface ScheduledFrame {
  readonly phyPayload: Uint8Array;
  readonly windows: readonly ReceiveWindow[];
  readonly uplink: ReceivedUplink;
}

export interface DownlinkSchedulerOptions {
  readonly region: Region;
  readonly gateways: Pick<GatewayServer, "registry" | "transmit">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A timer may come late, and the way through this server takes its time. */
const GIVING_UP_MS = 50;

/**
 * Brings a frame to the end-device: through the gateway that heard it best, in RX1; when that gateway
 * refuses or keeps silent, in RX2; then through the next gateway. Only what is still in time is tried.
 *
 * A second attempt repeats the same bytes: the first was refused, or the gateway never said a word.
 */
export class DownlinkScheduler {
  readonly #options: DownlinkSchedulerOptions;

  constructor(options: DownlinkSchedulerOptions) {
    this.#options = options;
  }

  async transmit(frame: ScheduledFrame): Promise<TransmissionOutcome> {
    const { region, gateways, clock, logger } = this.#options;
    const { uplink, phyPayload } = frame;
    let reason = "no-gateway";
    for (const reception of uplink.receptions) {
      const { gatewayEui } = reception;
      if (gateways.registry.downlinkAddressOf(gatewayEui) === undefined) continue;
      for (const [index, window] of frame.windows.entries()) {
        if (windowsInTime([window], uplink.receivedAt, clock.now()).length === 0) {
          if (reason === "no-gateway") reason = "too-late";
          continue;
        }
        const txpk = encodeTransmission(region, { phyPayload, window }, reception);
        const maxWaitMs = this.#timeUntilTooLate(frame.windows[index + 1], uplink.receivedAt);
        const result = await gateways.transmit(gatewayEui, txpk, maxWaitMs);
        if (result.isSent) {
          logger.debug({ event: "downlink-sent", gatewayEui, window: window.name });
          return result;
        }
        reason = result.reason;
        logger.warn({ event: "downlink-refused", gatewayEui, window: window.name, reason });
      }
    }
    return { isSent: false, reason };
  }

  /** How long the gateway can still be told about the next window; without limit if there is none. */
  #timeUntilTooLate(next: ReceiveWindow | undefined, receivedAt: number): number | undefined {
    if (next === undefined) return undefined;
    const leftMs =
      receivedAt + next.delayMs - LEAD_TIME_MS - GIVING_UP_MS - this.#options.clock.now();
    return leftMs > 0 ? leftMs : undefined;
  }
}
