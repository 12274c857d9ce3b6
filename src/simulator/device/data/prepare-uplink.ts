import type { Repetition } from "../agenda.ts";
import type { DeviceState, QueuedUplink } from "../device-state.ts";
import type { Session } from "../session.ts";
import { composeUplink } from "./compose-uplink.ts";
import { transmissionsOf } from "./transmissions.ts";
import { nextUplinkRequest, type UplinkOccasion } from "./uplink-request.ts";

/** A data frame that is ready to be sent once `state` is stored. */
export interface PreparedUplink {
  readonly state: DeviceState & { readonly session: Session };
  readonly repetition: Repetition;
  /** Command identifier of the root key command on board. */
  readonly rootKeyCid: number | undefined;
  /** The frame is one of the root key port: a reading that was due still is. */
  readonly isOnRootKeyPort: boolean;
  /** Application data given up, because no frame can hold it. */
  readonly dropped: QueuedUplink | undefined;
}

/** The next uplink of a device: its content, its counter, and how often it is to be sent. */
export function prepareUplink(
  state: DeviceState & { readonly session: Session },
  occasion: UplinkOccasion,
): PreparedUplink {
  const { request, dropped, outboxAfter } = nextUplinkRequest(state, occasion);
  const { region, profile } = occasion;
  const { rootKeyFPort, macVersion } = profile;
  const composed = composeUplink(state, request, { region, rootKeyFPort });
  const isOutboxServed = composed.carriesData || dropped !== undefined;
  const { session, update, frame, rootKeyCid, isOnRootKeyPort } = composed;
  return {
    state: { ...state, session, update, outbox: isOutboxServed ? outboxAfter : state.outbox },
    repetition: {
      frame,
      dataRate: session.radio.dataRate,
      transmissionsLeft: transmissionsOf(macVersion, session, frame.isConfirmed),
      at: 0,
    },
    rootKeyCid,
    isOnRootKeyPort,
    dropped,
  };
}
