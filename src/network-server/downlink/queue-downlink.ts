import { WarrenError } from "../../errors.ts";
import type { Device, DeviceChange, QueuedDownlink } from "../session/device.ts";
import type { Session } from "../session/session.ts";

const MAX_QUEUED = 16;
const FRAME_COUNTER_MAX = 0xffffffff;

/**
 * Reserves the next FCntDown of a 1.0 session for the Application Server, which needs it to encrypt.
 *
 * @throws WarrenError `session-unknown`; `downlink-refused` in a 1.1 session, where the Application Server
 * counts AFCntDown itself, and when the counter is used up
 */
export function reserveFCntDown(
  device: Device,
  sessionKeyId: string,
): DeviceChange & { readonly fCntDown: number } {
  const session = requireSession(device, sessionKeyId);
  if (session.version !== "1.0") {
    throw new WarrenError("downlink-refused", "AFCntDown of a 1.1 session is not counted here");
  }
  const fCntDown = session.nextFCntDown;
  if (fCntDown > FRAME_COUNTER_MAX) {
    throw new WarrenError("downlink-refused", "the downlink counter of this session is used up");
  }
  return {
    device: { ...device, current: { ...session, nextFCntDown: fCntDown + 1 } },
    messages: [],
    fCntDown,
  };
}

/**
 * Puts an encrypted payload in line. The same DownlinkID again changes nothing.
 *
 * @throws WarrenError `session-unknown`; `downlink-refused` for a counter that is no longer the next, was
 * not reserved (1.0), or when too many are waiting
 */
export function queueDownlink(
  device: Device,
  downlink: Omit<QueuedDownlink, "isSending">,
): DeviceChange {
  const session = requireSession(device, downlink.sessionKeyId);
  if (device.downlinks.some(({ downlinkId }) => downlinkId === downlink.downlinkId)) {
    return { device, messages: [] };
  }
  if (device.downlinks.length >= MAX_QUEUED) {
    throw new WarrenError("downlink-refused", `${MAX_QUEUED} downlinks are waiting already`);
  }
  const last = device.downlinks.at(-1)?.fCntDown ?? -1;
  const lowest = Math.max(session.lowestApplicationFCntDown, last + 1);
  const isReserved = session.version === "1.1" || downlink.fCntDown < session.nextFCntDown;
  if (downlink.fCntDown < lowest || !isReserved) {
    throw new WarrenError(
      "downlink-refused",
      `FCntDown ${downlink.fCntDown} is not the next; encrypt again with a new one`,
    );
  }
  return {
    device: { ...device, downlinks: [...device.downlinks, { ...downlink, isSending: false }] },
    messages: [],
  };
}

function requireSession(device: Device, sessionKeyId: string): Session {
  if (device.current?.sessionKeyId !== sessionKeyId) {
    throw new WarrenError("session-unknown", "the device has another session by now");
  }
  return device.current;
}
