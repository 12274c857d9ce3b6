import type { DeviceUpdateState } from "../../../root-key/device-state.ts";
import { nextRootKeyUplink } from "../../../root-key/device-update.ts";
import type { DeviceState } from "../device-state.ts";
import type { Session } from "../session.ts";

/** How root key commands travel: as MAC commands, or as the FRMPayload of the root key port. */
export type RootKeyCarrier = "mac" | "port";

/** A device in a session, as far as its root key commands are concerned. */
export interface RootKeySender extends Pick<DeviceState, "update" | "rootKeyCarrier"> {
  readonly session: Session;
}

/** The root key command for the next uplink, and the state of a device that has sent it. */
export interface NextRootKeyCommand {
  /** Command identifier included; undefined when there is nothing to say. */
  readonly octets: Uint8Array | undefined;
  readonly update: DeviceUpdateState | null;
  readonly portAnswers: readonly Uint8Array[];
}

/**
 * Chooses what the next uplink says about an update; to be called once for each uplink. On the port an
 * answer to a request goes first; on the other carrier answers are among those of the session.
 *
 * @param maxLengthBytes room in the uplink: a longer NewKeyReadyReq goes in fragments
 */
export function nextRootKeyCommand(
  { session, update, rootKeyCarrier }: RootKeySender,
  maxLengthBytes: number,
): NextRootKeyCommand {
  const [answer, ...others] = session.portAnswers;
  if (rootKeyCarrier === "port" && answer !== undefined && answer.length <= maxLengthBytes) {
    return { octets: answer, update, portAnswers: others };
  }
  const { portAnswers } = session;
  if (update === null) return { octets: undefined, update, portAnswers };
  const next = nextRootKeyUplink(update, maxLengthBytes);
  return { octets: next.octets, update: next.state, portAnswers };
}
