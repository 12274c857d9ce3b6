import { F_OPTS_MAX_LENGTH_BYTES } from "../../../lorawan/data/f-ctrl.ts";
import { maxPayloadLengthBytes } from "../../../lorawan/region/data-rates.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import type { DeviceUpdateState } from "../../../root-key/device-state.ts";
import type { DeviceMacCommand, Session } from "../session.ts";
import { nextRootKeyCommand, type RootKeySender } from "../update/root-key-carrier.ts";
import { backOff, isAdrAckRequested } from "./adr-backoff.ts";
import { type Commands, commandsOf, encode, fit, indicationOf } from "./uplink-commands.ts";
import type { UplinkFrame } from "./uplink-frame.ts";

/** What the application, or the device itself, wants to send. */
export interface UplinkRequest {
  readonly isConfirmed: boolean;
  /** Waits for the next frame when MAC commands, or a root key command on its port, need this one. */
  readonly data?: { readonly fPort: number; readonly payload: Uint8Array };
  readonly asksForTime: boolean;
}

export interface ComposedUplink {
  /** To be stored before the frame is sent. */
  readonly session: Session;
  readonly update: DeviceUpdateState | null;
  readonly frame: UplinkFrame;
  /** False when the frame has other things to carry and the data has to come with the next. */
  readonly carriesData: boolean;
  /** Command identifier of the root key command on board. */
  readonly rootKeyCid: number | undefined;
  /** The frame is one of the root key port. */
  readonly isOnRootKeyPort: boolean;
}

/** What the frame is made for. */
export interface UplinkSettings {
  readonly region: Region;
  readonly rootKeyFPort: number;
}

/**
 * Makes the next uplink: acknowledgement, ADR bits, and as many MAC commands as there is room for; they
 * move to FPort 0 when FOpts is too small, and the data waits. A root key command on the root key port has
 * the payload to itself, and data of another port waits for the next frame.
 *
 * @throws WarrenError `value-out-of-range` when the region has no such data rate
 */
export function composeUplink(
  device: RootKeySender,
  request: UplinkRequest,
  { region, rootKeyFPort }: UplinkSettings,
): ComposedUplink {
  const session = { ...device.session, radio: backOff(device.session) };
  const limit = maxPayloadLengthBytes(region, session.radio.dataRate);
  // All that goes before a root key command; whatever else there is makes way for it.
  const indicationBytes = encode(indicationOf(session)).length;
  const next = nextRootKeyCommand({ ...device, session }, limit - indicationBytes);
  const content =
    device.rootKeyCarrier === "port" && next.octets !== undefined
      ? onRootKeyPort(session, { fPort: rootKeyFPort, payload: next.octets }, { request, limit })
      : besideMacCommands(session, next.octets, { request, limit });
  const { commands, rootKeyCid, isOnRootKeyPort, frame } = content;
  return {
    session: { ...sentSession(session, commands.left), portAnswers: next.portAnswers },
    update: next.update,
    carriesData: !isOnRootKeyPort && request.data?.fPort === frame.fPort,
    rootKeyCid,
    isOnRootKeyPort,
    frame: { ...addressOf(session), ...frame },
  };
}

/** What one frame carries. */
interface Content {
  readonly commands: Commands;
  readonly rootKeyCid: number | undefined;
  readonly isOnRootKeyPort: boolean;
  readonly frame: Pick<UplinkFrame, "isConfirmed" | "fOpts" | "fPort" | "payload">;
}

interface Occasion {
  readonly request: UplinkRequest;
  /** FOpts and payload together, in bytes. */
  readonly limit: number;
}

function onRootKeyPort(
  session: Session,
  data: { readonly fPort: number; readonly payload: Uint8Array },
  { request, limit }: Occasion,
): Content {
  const all = commandsOf(session, undefined, request.asksForTime);
  const commands = fit(all, fOptsRoomBeside(data, limit));
  return {
    commands,
    rootKeyCid: data.payload[0],
    isOnRootKeyPort: true,
    frame: { isConfirmed: false, fOpts: commands.octets, ...data },
  };
}

function besideMacCommands(
  session: Session,
  rootKeyOctets: Uint8Array | undefined,
  { request, limit }: Occasion,
): Content {
  const { data, isConfirmed } = request;
  const all = commandsOf(session, rootKeyOctets, request.asksForTime);
  const fOptsRoom = fOptsRoomBeside(data, limit);
  const isOwnFrame = encode(all).length > fOptsRoom;
  const commands = fit(all, isOwnFrame ? limit : fOptsRoom);
  return {
    commands,
    rootKeyCid: commands.rootKeyCid,
    isOnRootKeyPort: false,
    frame: isOwnFrame
      ? { isConfirmed, fOpts: new Uint8Array(), fPort: 0, payload: commands.octets }
      : { isConfirmed, fOpts: commands.octets, payload: new Uint8Array(), ...data },
  };
}

/** A payload and FOpts share the room of a frame. */
function fOptsRoomBeside(data: UplinkRequest["data"], limit: number): number {
  return Math.max(0, Math.min(F_OPTS_MAX_LENGTH_BYTES, limit - (data?.payload.length ?? 0)));
}

function addressOf(session: Session) {
  return {
    isLorawan11: session.isLorawan11,
    devAddr: session.devAddr,
    keys: session.keys,
    fCntUp: session.fCntUp,
    fCtrl: {
      adr: true,
      adrAckReq: isAdrAckRequested(session),
      ack: session.ackOf !== null,
      classB: false,
    },
    confFCnt: session.ackOf ?? 0,
  };
}

function sentSession(session: Session, left: readonly DeviceMacCommand[]): Session {
  return {
    ...session,
    fCntUp: session.fCntUp + 1,
    ackOf: null,
    answers: left,
    uplinksIndicating: session.uplinksIndicating + (session.isIndicating ? 1 : 0),
    uplinksSinceDownlink: session.uplinksSinceDownlink + 1,
    uplinksSinceRejoin: session.uplinksSinceRejoin + 1,
    adrAckCount: session.adrAckCount + 1,
  };
}
