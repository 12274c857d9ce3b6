import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { NetworkServerContext } from "../context.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import type { Device } from "../session/device.ts";
import type { ExpectedAnswer } from "../uplink/accept-data.ts";
import { planDownlink } from "./plan-downlink.ts";
import { type ReceiveWindow, receiveWindows, windowsInTime } from "./receive-windows.ts";
import { failInterrupted, recordTransmission } from "./record-transmission.ts";

/** An uplink that may be answered, and what the end-device expects. */
export interface AnswerableUplink {
  readonly devEui: Eui64;
  readonly uplink: ReceivedUplink;
  readonly expected: ExpectedAnswer;
}

/**
 * Sends what the end-device expects and what waits for it, in the first window still in time. The
 * counters are on disk before the frame leaves. Without a window or a gateway everything goes on waiting.
 */
export async function answerUplink(
  context: NetworkServerContext,
  answerable: AnswerableUplink,
): Promise<void> {
  const { store, scheduler, settings, clock, logger } = context;
  const { devEui, uplink, expected } = answerable;
  const windows = openWindows(context, answerable);
  if (windows.length === 0) return;
  const now = clock.now();
  const maxPayloadLengthBytes = Math.max(...windows.map((window) => window.maxPayloadLengthBytes));
  const plan = store.changeDevice(devEui, (before) => {
    // No transmission of this device is under way: one that seems to be could not be recorded.
    const { device, messages } = failInterrupted(before, now);
    // One may wait from a time when this server took part in updates.
    const known = settings.relaysRootKeys ? device : withoutRootKeyCommand(device);
    const planned = planDownlink(known, expected, { maxPayloadLengthBytes, now });
    return { ...planned, messages: [...messages, ...planned.messages] };
  });
  if (plan.messages.length > 0) context.wakeOutbox();
  if (plan.frame === undefined) return;
  const { phyPayload, payloadLengthBytes, downlinkId } = plan.frame;
  const outcome = await scheduler.transmit({
    phyPayload,
    windows: windows.filter((window) => payloadLengthBytes <= window.maxPayloadLengthBytes),
    uplink,
  });
  if (!outcome.isSent) {
    logger.warn({ event: "downlink-failed", devEui, reason: outcome.reason });
  }
  if (downlinkId === undefined) return;
  store.changeDevice(devEui, (device) =>
    recordTransmission(device, downlinkId, { outcome, at: clock.now() }),
  );
  context.wakeOutbox();
}

function withoutRootKeyCommand(device: Device): Device {
  return device.rootKeyCommand === undefined ? device : { ...device, rootKeyCommand: undefined };
}

function openWindows(
  { store, settings, clock, gateways, logger }: NetworkServerContext,
  { devEui, uplink }: AnswerableUplink,
): readonly ReceiveWindow[] {
  const session = store.findDevice(devEui)?.current;
  if (session === undefined) return [];
  const canTransmit = uplink.receptions.some(
    ({ gatewayEui }) => gateways.downlinkAddressOf(gatewayEui) !== undefined,
  );
  const windows = receiveWindows(settings.region, uplink.best, {
    rx1DelayMs: session.rxDelaySeconds * 1_000,
    rx1DrOffset: session.rx1DrOffset,
    rx2DataRate: session.rx2DataRate,
  });
  const open = canTransmit ? windowsInTime(windows, uplink.receivedAt, clock.now()) : [];
  if (open.length === 0) {
    const reason = canTransmit ? "too-late" : "no-gateway";
    logger.warn({ event: "downlink-not-possible", devEui, reason });
  }
  return open;
}
