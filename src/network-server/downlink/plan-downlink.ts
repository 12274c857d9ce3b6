import { nextOctets } from "../../root-key/carriage.ts";
import { countRootKeyTransmission } from "../mac/root-key-commands.ts";
import type { Device, DeviceChange, OutboxMessage, QueuedDownlink } from "../session/device.ts";
import { downlinkEvent } from "../session/downlink-events.ts";
import type { Session } from "../session/session.ts";
import type { ExpectedAnswer } from "../uplink/accept-data.ts";
import { type ChosenContent, chooseContent, type MacItem } from "./choose-content.ts";
import { type DownlinkContent, encodeDownlink } from "./encode-downlink.ts";

/** A frame ready for a gateway. The counters in it are used up, whatever becomes of it. */
export interface PlannedFrame {
  readonly phyPayload: Uint8Array;
  /** FOpts and FRMPayload together: decides which windows can carry it. */
  readonly payloadLengthBytes: number;
  /** The application downlink in it. */
  readonly downlinkId: string | undefined;
}

export interface DownlinkPlan extends DeviceChange {
  /** Absent when there is nothing to send. */
  readonly frame: PlannedFrame | undefined;
}

const FRAME_COUNTER_MAX = 0xffffffff;

/**
 * Decides what goes down after an uplink and builds it: acknowledgement, MAC answers, requests of the
 * network, a root key command, the first application payload. The device comes back with its counters
 * moved on; it must be saved before the frame is sent.
 *
 * @param maxPayloadLengthBytes of the larger window that is still in time
 */
export function planDownlink(
  device: Device,
  expected: ExpectedAnswer,
  window: { readonly maxPayloadLengthBytes: number; readonly now: number },
): DownlinkPlan {
  const session = device.current;
  if (session === undefined || session.sessionKeyId !== expected.sessionKeyId) {
    return { device, messages: [], frame: undefined };
  }
  const { downlinks, messages } = dropTooLarge(device, window);
  const trimmed = messages.length === 0 ? device : { ...device, downlinks };
  const waiting = downlinks.filter(({ isSending }) => !isSending);
  const macItems = macItemsOf(device, expected, {
    hasPayload: waiting.length > 0,
    maxPayloadLengthBytes: window.maxPayloadLengthBytes,
  });
  const chosen = chooseContent({
    version: session.version,
    macItems,
    application: waiting[0],
    maxPayloadLengthBytes: window.maxPayloadLengthBytes,
  });
  const isEmpty = chosen.application === undefined && chosen.macItems.length === 0;
  const isWanted = expected.needsAck || expected.wantsAnyDownlink;
  const fCntDown = chosen.application?.fCntDown ?? session.nextFCntDown;
  if ((isEmpty && !isWanted) || fCntDown > FRAME_COUNTER_MAX) {
    return { device: trimmed, messages, frame: undefined };
  }
  const isMoreWaiting =
    waiting.length > (chosen.application === undefined ? 0 : 1) ||
    chosen.macItems.length < macItems.length;
  const content = contentOf(chosen, expected, { fCntDown, fPending: isMoreWaiting });
  return {
    device: afterSending(trimmed, session, { chosen, fCntDown, now: window.now }),
    messages: [...messages, ...overtaken(device, session, chosen, window.now)],
    frame: {
      phyPayload: encodeDownlink(session, content),
      payloadLengthBytes: content.fOpts.length + (content.payload?.bytes.length ?? 0),
      downlinkId: chosen.application?.downlinkId,
    },
  };
}

/**
 * Proprietary commands last: a device that does not know one stops reading there. A long one goes whole,
 * on FPort 0, when no payload needs the frame and all commands fit; otherwise in fragments.
 */
function macItemsOf(
  device: Device,
  expected: ExpectedAnswer,
  frame: { readonly hasPayload: boolean; readonly maxPayloadLengthBytes: number },
): readonly MacItem[] {
  const { rootKeyCommand } = device;
  const items = [
    ...expected.macAnswers.map((octets): MacItem => ({ kind: "answer", octets })),
    ...device.macRequests.map(({ octets }): MacItem => ({ kind: "request", octets })),
  ];
  if (rootKeyCommand === undefined) return items;
  const takenBytes = items.reduce((sum, { octets }) => sum + octets.length, 0);
  const roomBytes = frame.hasPayload ? 0 : frame.maxPayloadLengthBytes - takenBytes;
  const octets = nextOctets(rootKeyCommand, roomBytes);
  return [...items, { kind: "root-key", octets }];
}

/** Payloads that no window in reach can carry fail at once, or they would block those behind them. */
function dropTooLarge(
  device: Device,
  window: { readonly maxPayloadLengthBytes: number; readonly now: number },
): { readonly downlinks: readonly QueuedDownlink[]; readonly messages: readonly OutboxMessage[] } {
  const isTooLarge = ({ frmPayload, isSending }: QueuedDownlink) =>
    !isSending && frmPayload.length > window.maxPayloadLengthBytes;
  return {
    downlinks: device.downlinks.filter((downlink) => !isTooLarge(downlink)),
    messages: device.downlinks.filter(isTooLarge).map(({ downlinkId, fCntDown }) =>
      downlinkEvent(device, {
        downlinkId,
        event: "failed",
        fCntDown,
        at: window.now,
        reason: "payload-too-large",
      }),
    ),
  };
}

/** A repeated uplink may take a confirmed payload down while one before it waits for its acknowledgement, which cannot come any more. */
function overtaken(
  device: Device,
  { awaitedAck }: Session,
  { application }: ChosenContent,
  now: number,
): readonly OutboxMessage[] {
  if (awaitedAck === undefined || application?.isConfirmed !== true) return [];
  return [downlinkEvent(device, { ...awaitedAck, event: "not-acknowledged", at: now })];
}

function contentOf(
  { application, macItems, place }: ChosenContent,
  expected: ExpectedAnswer,
  frame: { readonly fCntDown: number; readonly fPending: boolean },
): DownlinkContent {
  const macOctets = new Uint8Array(Buffer.concat(macItems.map(({ octets }) => octets)));
  const common = {
    ...frame,
    isConfirmed: application?.isConfirmed ?? false,
    ack: expected.needsAck,
    confFCnt: expected.fCntUp,
  };
  if (application !== undefined) {
    const payload = { fPort: application.fPort, bytes: application.frmPayload };
    return { ...common, fOpts: macOctets, payload };
  }
  return place === "FOpts"
    ? { ...common, fOpts: macOctets }
    : { ...common, fOpts: new Uint8Array(), payload: { fPort: 0, bytes: macOctets } };
}

function afterSending(
  device: Device,
  session: Session,
  sent: { readonly chosen: ChosenContent; readonly fCntDown: number; readonly now: number },
): Device {
  const { application, macItems } = sent.chosen;
  const rootKeyItem = macItems.find(({ kind }) => kind === "root-key");
  const requested = new Set(
    macItems.filter(({ kind }) => kind === "request").map(({ octets }) => octets),
  );
  const counted = {
    ...device,
    current: countDownlink(session, application, sent.fCntDown),
    macRequests: device.macRequests
      .map((request) =>
        requested.has(request.octets)
          ? { ...request, attemptsLeft: request.attemptsLeft - 1 }
          : request,
      )
      .filter(({ attemptsLeft }) => attemptsLeft > 0),
    downlinks: device.downlinks.map((downlink) =>
      downlink === application ? { ...downlink, isSending: true } : downlink,
    ),
    rootKeyUsage: { ...device.rootKeyUsage, frames: device.rootKeyUsage.frames + 1 },
  };
  return rootKeyItem === undefined
    ? counted
    : countRootKeyTransmission(counted, rootKeyItem.octets, sent.now);
}

function countDownlink(
  session: Session,
  application: QueuedDownlink | undefined,
  fCntDown: number,
): Session {
  const isSharedCounter = session.version === "1.0";
  const isOwnCounter = application === undefined;
  return {
    ...session,
    nextFCntDown: isOwnCounter ? fCntDown + 1 : session.nextFCntDown,
    lowestApplicationFCntDown:
      isOwnCounter && !isSharedCounter ? session.lowestApplicationFCntDown : fCntDown + 1,
    lastFCntDown: fCntDown,
    awaitedAck:
      application?.isConfirmed === true
        ? { downlinkId: application.downlinkId, fCntDown }
        : session.awaitedAck,
    frameCount: session.frameCount + 1,
  };
}
