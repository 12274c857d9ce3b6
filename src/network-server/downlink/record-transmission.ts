import type { Device, DeviceChange } from "../session/device.ts";
import { downlinkEvent } from "../session/downlink-events.ts";

/** What a gateway made of a frame. `reason` is a constant name. */
export type TransmissionOutcome =
  | { readonly isSent: true }
  | { readonly isSent: false; readonly reason: string };

/** Takes an application downlink out of the queue and tells its server what became of it. */
export function recordTransmission(
  device: Device,
  downlinkId: string,
  result: { readonly outcome: TransmissionOutcome; readonly at: number },
): DeviceChange {
  const downlink = device.downlinks.find((queued) => queued.downlinkId === downlinkId);
  if (downlink === undefined) return { device, messages: [] };
  const { outcome, at } = result;
  const { fCntDown } = downlink;
  const { current } = device;
  const isNotAwaited = !outcome.isSent && current?.awaitedAck?.downlinkId === downlinkId;
  return {
    device: {
      ...device,
      downlinks: device.downlinks.filter((queued) => queued !== downlink),
      current: isNotAwaited ? { ...current, awaitedAck: undefined } : current,
    },
    messages: [
      downlinkEvent(
        device,
        outcome.isSent
          ? { downlinkId, event: "sent", fCntDown, at }
          : { downlinkId, event: "failed", fCntDown, at, reason: outcome.reason },
      ),
    ],
  };
}

/**
 * Ends downlinks whose fate was not recorded, because of a restart or a failure of the storage: nobody knows
 * whether they were transmitted, and their counters are used up in any case.
 */
export function failInterrupted(device: Device, now: number): DeviceChange {
  const interrupted = device.downlinks.filter(({ isSending }) => isSending);
  return interrupted.reduce<DeviceChange>(
    (change, { downlinkId }) => {
      const outcome = { isSent: false, reason: "interrupted" } as const;
      const next = recordTransmission(change.device, downlinkId, { outcome, at: now });
      return { device: next.device, messages: [...change.messages, ...next.messages] };
    },
    { device, messages: [] },
  );
}
