import { parseHex } from "../../../lorawan/hex.ts";
import { maxPayloadLengthBytes } from "../../../lorawan/region/data-rates.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import type { DeviceProfile } from "../device-profile.ts";
import type { DeviceState, QueuedUplink } from "../device-state.ts";
import type { Session } from "../session.ts";
import type { UplinkRequest } from "./compose-uplink.ts";

/** Port of the uplinks that a device sends by itself. */
const REGULAR_F_PORT = 1;

export interface NextUplinkRequest {
  readonly request: UplinkRequest;
  /** What waits once the data is sent. */
  readonly outboxAfter: readonly QueuedUplink[];
  /** Data that no frame at this data rate can hold, and that is given up. */
  readonly dropped: QueuedUplink | undefined;
}

/** What the next uplink is for, beside MAC commands and acknowledgements. */
export interface UplinkOccasion {
  readonly profile: DeviceProfile;
  readonly region: Region;
  /** Whether the device's own interval has passed. */
  readonly isRegularDue: boolean;
  readonly asksForTime: boolean;
}

/** Chooses what to send: application data that waits, else a reading when one is due, else nothing. */
export function nextUplinkRequest(
  state: DeviceState & { readonly session: Session },
  occasion: UplinkOccasion,
): NextUplinkRequest {
  const { profile, region, asksForTime } = occasion;
  const [queued, ...others] = state.outbox;
  const limit = maxPayloadLengthBytes(region, state.session.radio.dataRate);
  const isTooLong = queued !== undefined && queued.payload.length / 2 > limit;
  if (queued !== undefined && !isTooLong) {
    const data = { fPort: queued.fPort, payload: parseHex(queued.payload) };
    return {
      request: { asksForTime, isConfirmed: queued.isConfirmed, data },
      outboxAfter: others,
      dropped: undefined,
    };
  }
  const reading = { fPort: REGULAR_F_PORT, payload: readingOf(state.session) };
  return {
    request: {
      asksForTime,
      isConfirmed: occasion.isRegularDue && profile.confirmedUplinks,
      ...(occasion.isRegularDue && { data: reading }),
    },
    outboxAfter: isTooLong ? others : state.outbox,
    dropped: isTooLong ? queued : undefined,
  };
}

/** A reading that tells uplinks apart: the number of the uplink, 4 bytes, most significant first. */
function readingOf(session: Session): Uint8Array {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, session.fCntUp);
  return payload;
}
