import { F_OPTS_MAX_LENGTH_BYTES } from "../../../lorawan/data/f-ctrl.ts";
import { encodeMacCommands } from "../../../lorawan/mac-commands/mac-commands.ts";
import { maxPayloadLengthBytes } from "../../../lorawan/region/data-rates.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import type { DeviceUpdateState } from "../../../root-key/device-state.ts";
import { nextRootKeyUplink } from "../../../root-key/device-update.ts";
import type { DeviceMacCommand, Session } from "../session.ts";
import { backOff, isAdrAckRequested } from "./adr-backoff.ts";
import { mustAskForDownlink } from "./liveness.ts";
import type { UplinkFrame } from "./uplink-frame.ts";

/** What the application, or the device itself, wants to send. */
export interface UplinkRequest {
  readonly isConfirmed: boolean;
  readonly data?: { readonly fPort: number; readonly payload: Uint8Array };
  /** Whether the payload can wait when MAC commands need the frame for themselves. */
  readonly canWait: boolean;
  readonly asksForTime: boolean;
}

export interface ComposedUplink {
  /** To be stored before the frame is sent. */
  readonly session: Session;
  readonly update: DeviceUpdateState | null;
  readonly frame: UplinkFrame;
  /** False when the frame is full of MAC commands and the data has to come with the next. */
  readonly carriesData: boolean;
  /** NewKeyReadyReq is on board. */
  readonly carriesRootKeyCommand: boolean;
}

interface Commands {
  readonly octets: Uint8Array;
  /** Answers that found no room. */
  readonly left: readonly DeviceMacCommand[];
  readonly hasRootKeyCommand: boolean;
}

/**
 * Makes the next uplink: acknowledgement, ADR bits, and as many MAC commands as there is room for; they
 * move to FPort 0 when FOpts is too small and the data can wait.
 *
 * @throws WarrenError `value-out-of-range` when the region has no such data rate
 */
export function composeUplink(
  before: Session,
  update: DeviceUpdateState | null,
  request: UplinkRequest,
  region: Region,
): ComposedUplink {
  const session = { ...before, radio: backOff(before) };
  const limit = maxPayloadLengthBytes(region, session.radio.dataRate);
  const next = update === null ? null : nextRootKeyUplink(update, limit);
  const all = commandsOf(session, next?.octets, request.asksForTime);
  const dataLength = request.data?.payload.length ?? 0;
  const fOptsRoom = Math.max(0, Math.min(F_OPTS_MAX_LENGTH_BYTES, limit - dataLength));
  const isOwnFrame = encode(all).length > fOptsRoom && (request.canWait || dataLength === 0);
  const commands = fit(all, isOwnFrame ? limit : fOptsRoom);
  const data = isOwnFrame ? { fPort: 0, payload: commands.octets } : request.data;
  return {
    session: sentSession(session, commands.left),
    update:
      commands.hasRootKeyCommand || next?.octets === undefined ? (next?.state ?? update) : update,
    carriesData: !isOwnFrame && request.data !== undefined,
    carriesRootKeyCommand: commands.hasRootKeyCommand,
    frame: {
      ...addressOf(session),
      isConfirmed: request.isConfirmed,
      fOpts: isOwnFrame ? new Uint8Array() : commands.octets,
      ...(data !== undefined && { fPort: data.fPort }),
      payload: data?.payload ?? new Uint8Array(),
    },
  };
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

interface Entry {
  readonly command: DeviceMacCommand;
  readonly isAnswer?: boolean;
  readonly isRootKey?: boolean;
}

/** By falling importance: what does not fit is cut from the end. */
function commandsOf(
  session: Session,
  rootKeyOctets: Uint8Array | undefined,
  asksForTime: boolean,
): readonly Entry[] {
  const indication = session.activation === "otaa" ? "RekeyInd" : "ResetInd";
  const rootKey = rootKeyOctets && {
    command: proprietary(rootKeyOctets),
    isRootKey: true,
  };
  return [
    ...(session.isIndicating ? [{ command: { name: indication, minor: 1 } } as Entry] : []),
    ...(rootKey === undefined ? [] : [rootKey]),
    ...session.answers.map((command) => ({ command, isAnswer: true })),
    ...session.repeatedAnswers.map((command) => ({ command })),
    ...(mustAskForDownlink(session) ? [{ command: { name: "LinkCheckReq" } } as Entry] : []),
    ...(asksForTime ? [{ command: { name: "DeviceTimeReq" } } as Entry] : []),
  ];
}

/** A root key message as the MAC command it is. */
export function proprietary(octets: Uint8Array): DeviceMacCommand {
  return { name: "Proprietary", cid: octets[0] ?? 0, payload: octets.slice(1) };
}

function encode(entries: readonly Entry[]): Uint8Array {
  return encodeMacCommands(entries.map(({ command }) => command));
}

function fit(entries: readonly Entry[], roomBytes: number): Commands {
  const fitting: Entry[] = [];
  for (const entry of entries) {
    if (encode([...fitting, entry]).length <= roomBytes) fitting.push(entry);
  }
  const left = entries.filter((entry) => entry.isAnswer === true && !fitting.includes(entry));
  return {
    octets: encode(fitting),
    left: left.map(({ command }) => command),
    hasRootKeyCommand: fitting.some((entry) => entry.isRootKey === true),
  };
}
