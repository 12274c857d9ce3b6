import type { Device, OutboxMessage } from "./device.ts";

/** What became of an application downlink. */
export interface DownlinkEvent {
  readonly downlinkId: string;
  readonly event: "sent" | "acknowledged" | "not-acknowledged" | "failed";
  /** 32 bits. */
  readonly fCntDown: number;
  /** Epoch ms. */
  readonly at: number;
  /** A constant name, only for `failed`. */
  readonly reason?: string;
}

/** Tells the Application Server what became of one of its downlinks. */
export function downlinkEvent(
  device: Pick<Device, "devEui" | "asId">,
  event: DownlinkEvent,
): OutboxMessage {
  return {
    devEui: device.devEui,
    asId: device.asId,
    path: "/network-server/downlink-events",
    body: {
      DevEUI: device.devEui,
      DownlinkID: event.downlinkId,
      Event: event.event,
      FCntDown: event.fCntDown,
      At: new Date(event.at).toISOString(),
      ...(event.reason !== undefined && { Reason: event.reason }),
    },
  };
}
