import { WarrenError } from "../../errors.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { NewEvent } from "../events.ts";

/**
 * `queued`: handed to the Network Server, or about to be. `sent`: a gateway transmitted it.
 * `acknowledged` and `not-acknowledged`: what came of a confirmed one. `failed`: it was not sent.
 */
export const DOWNLINK_STATES = [
  "queued",
  "sent",
  "acknowledged",
  "not-acknowledged",
  "failed",
] as const;
export type DownlinkState = (typeof DOWNLINK_STATES)[number];

/** What the Network Server tells of a downlink later. */
export const DOWNLINK_EVENTS = ["sent", "acknowledged", "not-acknowledged", "failed"] as const;
export type DownlinkEventName = (typeof DOWNLINK_EVENTS)[number];

/** What an application wants sent. */
export interface DownlinkRequest {
  readonly fPort: number;
  /** In clear. */
  readonly payload: Uint8Array;
  readonly isConfirmed: boolean;
}

/** A downlink as it is kept and shown. */
export interface Downlink extends DownlinkRequest {
  readonly downlinkId: string;
  readonly devEui: Eui64;
  /** The session it was last encrypted in. */
  readonly sessionKeyId: string;
  /** AFCntDown in 1.1; absent until there is one. */
  readonly fCntDown?: number;
  readonly state: DownlinkState;
  /** Why it failed: an error code of this server, or the Network Server's words. */
  readonly reason?: string;
  /** Whether the Network Server's answer to it is stored. */
  readonly isAnswered: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The largest N of any region and data rate (LoRaWAN 1.1 Regional Parameters); most are smaller. */
const PAYLOAD_MAX_LENGTH_BYTES = 242;
const APPLICATION_F_PORT_MAX = 223;

/**
 * Checks what an application wants sent.
 *
 * @throws WarrenError `value-out-of-range` for an FPort that is not the application's (LoRaWAN 1.1
 *   §4.3.2), `frame-too-long` for a payload that fits no data rate
 */
export function checkDownlinkRequest(request: DownlinkRequest): void {
  const { fPort, payload } = request;
  if (!Number.isInteger(fPort) || fPort < 1 || fPort > APPLICATION_F_PORT_MAX) {
    throw new WarrenError("value-out-of-range", `fPort ${fPort}: ${fPortProblem(fPort)}`);
  }
  if (payload.length > PAYLOAD_MAX_LENGTH_BYTES) {
    throw new WarrenError(
      "frame-too-long",
      `payload: at most ${PAYLOAD_MAX_LENGTH_BYTES} bytes fit a frame, not ${payload.length}`,
    );
  }
}

function fPortProblem(fPort: number): string {
  if (fPort === 0) return "port 0 carries MAC commands of the Network Server; use 1 to 223";
  if (fPort === 224) return "port 224 is for the MAC layer test protocol; use 1 to 223";
  if (fPort > 224 && fPort <= 255) return "ports 225 to 255 are reserved; use 1 to 223";
  return "use an integer from 1 to 223";
}

/** Which states an event of the Network Server may follow. What it repeats or sends late changes nothing. */
const PREDECESSORS: Readonly<Record<DownlinkEventName, readonly DownlinkState[]>> = {
  // "failed" too: a time-out says nothing of whether the Network Server took the downlink
  sent: ["queued", "failed"],
  acknowledged: ["queued", "sent", "failed"],
  "not-acknowledged": ["queued", "sent", "failed"],
  failed: ["queued", "sent"],
};

/** The downlink after an event of the Network Server; the same object when the event is no news. */
export function applyDownlinkEvent(
  downlink: Downlink,
  event: DownlinkEventName,
  details: { readonly reason?: string | undefined; readonly atMs: number },
): Downlink {
  if (!PREDECESSORS[event].includes(downlink.state)) return downlink;
  const { reason: _reason, ...rest } = downlink;
  return {
    ...rest,
    state: event,
    ...(event === "failed" && { reason: details.reason ?? "no reason given" }),
    isAnswered: true,
    updatedAtMs: details.atMs,
  };
}

/** The downlink after it could not be handed to the Network Server. */
export function failDownlink(downlink: Downlink, reason: string, atMs: number): Downlink {
  return { ...downlink, state: "failed", reason, isAnswered: true, updatedAtMs: atMs };
}

/** A downlink as JSON for applications. */
export function downlinkView(downlink: Downlink): Record<string, unknown> {
  const {
    isConfirmed,
    isAnswered: _isAnswered,
    payload,
    createdAtMs,
    updatedAtMs,
    ...rest
  } = downlink;
  return {
    ...rest,
    confirmed: isConfirmed,
    payload: formatHex(payload),
    createdAt: new Date(createdAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
  };
}

export function downlinkEvent(downlink: Downlink): NewEvent {
  return { type: "downlink", devEui: downlink.devEui, data: downlinkView(downlink) };
}
