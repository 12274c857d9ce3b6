import { F_OPTS_MAX_LENGTH_BYTES } from "../../lorawan/data/f-ctrl.ts";
import type { QueuedDownlink } from "../session/device.ts";

/** One MAC command that wants to go down; `kind` tells what to do once it has. */
export interface MacItem {
  readonly kind: "answer" | "request" | "root-key";
  /** Command identifier included. */
  readonly octets: Uint8Array;
}

/** What competes for one frame. */
export interface DownlinkCandidates {
  readonly version: "1.0" | "1.1";
  /** In order of importance. */
  readonly macItems: readonly MacItem[];
  readonly application: QueuedDownlink | undefined;
  /** FOpts and FRMPayload together, at most. */
  readonly maxPayloadLengthBytes: number;
}

/** What goes into one frame; `place` is where its MAC commands are. */
export interface ChosenContent {
  readonly application: QueuedDownlink | undefined;
  readonly macItems: readonly MacItem[];
  readonly place: "FOpts" | "FPort 0";
}

/**
 * Divides the room of one frame. An application payload takes MAC commands along in FOpts. When they do
 * not fit there, 1.1 sends them first, on FPort 0, as the two counters are independent; in 1.0 both share
 * FCntDown and the Application Server has already encrypted with the lower value, so its payload goes first.
 */
export function chooseContent(candidates: DownlinkCandidates): ChosenContent {
  const { application, macItems, maxPayloadLengthBytes } = candidates;
  const wantedBytes = macItems.reduce((sum, { octets }) => sum + octets.length, 0);
  if (application !== undefined) {
    const room = Math.min(
      F_OPTS_MAX_LENGTH_BYTES,
      maxPayloadLengthBytes - application.frmPayload.length,
    );
    if (wantedBytes <= room || candidates.version === "1.0") {
      return { application, macItems: takeFitting(macItems, room), place: "FOpts" };
    }
  }
  const limit = Math.min(wantedBytes, maxPayloadLengthBytes);
  return limit <= F_OPTS_MAX_LENGTH_BYTES
    ? { application: undefined, macItems: takeFitting(macItems, limit), place: "FOpts" }
    : { application: undefined, macItems: takeFitting(macItems, limit), place: "FPort 0" };
}

/** The items that fit one after the other, skipping one that does not for a shorter one behind it. */
function takeFitting(items: readonly MacItem[], roomBytes: number): readonly MacItem[] {
  let room = roomBytes;
  return items.filter(({ octets }) => {
    if (octets.length > room) return false;
    room -= octets.length;
    return true;
  });
}
