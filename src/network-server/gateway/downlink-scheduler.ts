import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { Region } from "../../lorawan/region/region.ts";
import { type ReceiveWindow, windowsInTime } from "../downlink/receive-windows.ts";
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

/**
 * Brings a frame to the end-device: through the gateway that heard it best, in RX1; when that gateway
 * refuses, in RX2; then through the next gateway. Only what is still in time is tried.
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
      for (const window of frame.windows) {
        if (windowsInTime([window], uplink.receivedAt, clock.now()).length === 0) {
          if (reason === "no-gateway") reason = "too-late";
          continue;
        }
        const txpk = encodeTransmission(region, { phyPayload, window }, reception);
        const result = await gateways.transmit(gatewayEui, txpk);
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
}
