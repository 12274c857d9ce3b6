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
  /** NewKeyReadyReq is on board. */
  readonly carriesRootKeyCommand: boolean;
  /** Application data given up, because no frame can hold it. */
  readonly dropped: QueuedUplink | undefined;
}

/** The next uplink of a device: its content, its counter, and how often it is to be sent. */
export function prepareUplink(
  state: DeviceState & { readonly session: Session },
  occasion: UplinkOccasion,
): PreparedUplink {
  const { request, dropped, outboxAfter } = nextUplinkRequest(state, occasion);
  const composed = composeUplink(state.session, state.update, request, occasion.region);
  const isOutboxServed = composed.carriesData || dropped !== undefined;
  const { session, update, frame, carriesRootKeyCommand } = composed;
  const { macVersion } = occasion.profile;
  return {
    state: { ...state, session, update, outbox: isOutboxServed ? outboxAfter : state.outbox },
    repetition: {
      frame,
      dataRate: session.radio.dataRate,
      transmissionsLeft: transmissionsOf(macVersion, session, frame.isConfirmed),
      at: 0,
    },
    carriesRootKeyCommand,
    dropped,
  };
}
