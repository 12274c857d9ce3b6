import { WarrenError } from "../../errors.ts";
import type { UpdateSession } from "../../root-key/derivation/context.ts";
import {
  CID_HEALING_KEY,
  CID_NEW_KEY_READY,
  CID_ROOT_KEY_FRAGMENT,
  CID_ROOT_KEY_UPDATE,
} from "../../root-key/mac-commands.ts";
import type { ServerUpdateState } from "../../root-key/server-state.ts";
import {
  receiveNewKeyReadyReq,
  receiveRootKeyFragment,
  receiveRootKeyUpdateAns,
  type ServerIgnoredReason,
} from "../../root-key/server-update.ts";
import type { Device } from "../device.ts";
import { proveSession, type Session } from "../session.ts";

/** What a command of the device led to. */
export interface ReceivedCommand {
  /** To be stored before the answer leaves; the same object when nothing changed. */
  readonly device: Device;
  /** What to send down. */
  readonly answer: Uint8Array | undefined;
  /** Why it changed nothing, for the log. */
  readonly ignored: ServerIgnoredReason | undefined;
}

/**
 * A root key command that came up from the device, over whatever carrier. A carrier cannot forge the proof
 * of the new keys, which is the MIC under them; it can forge a refusal, which only delays an update. A
 * message of a healing update may come whole or in fragments.
 *
 * @param device expired, if it had to
 * @param macCommand the octets on air, command identifier included
 * @throws WarrenError `frame-…` when the octets are no root key command
 */
export function receiveRootKeyCommand(device: Device, macCommand: Uint8Array): ReceivedCommand {
  switch (macCommand[0]) {
    case CID_ROOT_KEY_UPDATE: {
      const { state, ignored } = receiveRootKeyUpdateAns(device.rootKeys, macCommand);
      return { device: withRootKeys(device, state), answer: undefined, ignored };
    }
    case CID_ROOT_KEY_FRAGMENT: {
      const { state, message, ignored } = receiveRootKeyFragment(device.rootKeys, macCommand);
      const collecting = withRootKeys(device, state);
      return message === undefined
        ? { device: collecting, answer: undefined, ignored }
        : receiveNewKeyReady(collecting, message);
    }
    case CID_NEW_KEY_READY:
    case CID_HEALING_KEY:
      return receiveNewKeyReady(device, macCommand);
    default:
      throw new WarrenError("frame-malformed", "not a root key command");
  }
}

function receiveNewKeyReady(device: Device, macCommand: Uint8Array): ReceivedCommand {
  const sessions = device.sessions.map(updateSessionOf);
  const received = receiveNewKeyReadyReq(device.rootKeys, macCommand, sessions);
  const inUse = device.sessions.find(
    (session) => session.joinNonce === received.provenSession?.joinNonce,
  );
  const updated = withRootKeys(device, received.state);
  return {
    device:
      inUse === undefined
        ? updated
        : { ...updated, sessions: proveSession(updated.sessions, inUse.sessionKeyId) },
    answer: received.answer,
    ignored: received.ignored,
  };
}

/** By name: keys may be getters, which a spread leaves out. */
function updateSessionOf({ joinNonce, keys }: Session): UpdateSession {
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = keys;
  return { joinNonce, fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey };
}

function withRootKeys(device: Device, rootKeys: ServerUpdateState): Device {
  return rootKeys === device.rootKeys ? device : { ...device, rootKeys };
}
