import { encodeKeyEnvelope } from "../../backend/key-envelope.ts";
import { WarrenError } from "../../errors.ts";
import type { UplinkDataFields } from "../../lorawan/data/data-frame.ts";
import { cipherFOpts, cipherFrmPayload } from "../../lorawan/data/payload-cipher.ts";
import { formatHex } from "../../lorawan/hex.ts";
import { dataRateByIndex } from "../../lorawan/region/data-rates.ts";
import type { Region } from "../../lorawan/region/region.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { askDeviceStatusIfOld } from "../mac/device-status.ts";
import {
  decodeUplinkCommands,
  handleMacCommands,
  type UplinkCommand,
} from "../mac/handle-mac-commands.ts";
import { queueRejoinParameters } from "../mac/rejoin-commands.ts";
import { activatePendingSession } from "../session/activate-session.ts";
import type { Device, DeviceChange, OutboxMessage } from "../session/device.ts";
import { downlinkEvent } from "../session/downlink-events.ts";
import type { Session } from "../session/session.ts";
import type { KeyPolicy, NetworkServerSettings } from "../settings.ts";
import type { ResolvedSession } from "./resolve-session.ts";

/** The ones that heard best; anybody can send copies of a frame in the names of many. */
const GATEWAYS_TOLD = 100;

/** A data uplink whose MIC has been verified. */
export interface VerifiedUplink extends ResolvedSession {
  readonly frame: UplinkDataFields;
  readonly uplink: ReceivedUplink;
}

/** What the end-device waits for after a data uplink. */
export interface ExpectedAnswer {
  /** The session under which it listens. */
  readonly sessionKeyId: string;
  /** 32 bits: what the answer acknowledges and what ConfFCnt shows. */
  readonly fCntUp: number;
  readonly needsAck: boolean;
  /** ADRACKReq: any downlink will do (LoRaWAN 1.1 §4.3.1.1). */
  readonly wantsAnyDownlink: boolean;
  /** Encoded MAC commands. */
  readonly macAnswers: readonly Uint8Array[];
}

export interface AcceptedData extends DeviceChange {
  readonly expected: ExpectedAnswer;
  /** Octets for the Join Server, command identifier included. */
  readonly rootKeyCommands: readonly Uint8Array[];
}

export type AcceptSettings = Pick<NetworkServerSettings, "region" | "policy" | "relaysRootKeys">;

/** NbTrans has four bits (LoRaWAN 1.1 §5.3), so more repetitions than this are a replay (§4.3.1.3). */
const MAX_REPETITIONS = 14;

/**
 * Takes a verified uplink into the device's state: counters, activation of a pending session,
 * acknowledgements, MAC commands, and the payload for the Application Server. A repeated transmission is
 * counted and answered again, nothing more.
 *
 * @throws WarrenError `session-unknown` for a new 1.1 context used without RekeyInd, `frame-replayed` for
 *   more repetitions than a device ever makes
 */
export function acceptData(
  verified: VerifiedUplink,
  { region, policy, relaysRootKeys }: AcceptSettings,
): AcceptedData {
  const { device, session, frame, uplink } = verified;
  const commands = decodeUplinkCommands(macOctetsOf(verified), relaysRootKeys);
  if (verified.isRepetition) return repeatAnswer(verified, commands, region);

  const counted = countUplink(session, verified);
  const activated =
    verified.slot === "pending"
      ? activate(device, counted, { commands, now: uplink.receivedAt, policy })
      : { device: { ...device, current: counted }, messages: [] };
  const settled = settleAwaitedAck(activated.device, counted, verified);
  const handled = handleMacCommands(settled.device, commands, {
    session: counted,
    uplink,
    region,
  });
  const { rootKeyUsage } = handled.device;
  const changed = {
    ...askDeviceStatusIfOld(handled.device, uplink.receivedAt, policy.deviceStatusAfterMs),
    lastSeenAt: uplink.receivedAt,
    rootKeyUsage: { ...rootKeyUsage, frames: rootKeyUsage.frames + 1 },
  };
  const hasPayload = frame.fPort !== undefined && frame.fPort > 0;
  return {
    device: changed,
    messages: [
      ...activated.messages,
      ...settled.messages,
      ...(hasPayload ? [uplinkMessage(changed, counted, { ...verified, region })] : []),
    ],
    expected: expectedAnswer(verified, handled.answers),
    rootKeyCommands: handled.rootKeyCommands,
  };
}

/** The MAC commands of an uplink in clear, from FOpts or from FPort 0. */
function macOctetsOf({ session, frame, fCntUp }: VerifiedUplink): Uint8Array {
  const { nwkSEncKey } = session.keys;
  const block = { direction: "up", devAddr: session.devAddr, fCnt32: fCntUp } as const;
  if (frame.fPort === 0) {
    return cipherFrmPayload({ key: nwkSEncKey, ...block, payload: frame.frmPayload });
  }
  if (session.version === "1.0" || frame.fOpts.length === 0) return frame.fOpts;
  return cipherFOpts({ nwkSEncKey, ...block, aFCnt: false, fOpts: frame.fOpts });
}

function repeatAnswer(
  verified: VerifiedUplink,
  commands: readonly UplinkCommand[],
  region: Region,
): AcceptedData {
  const { device, session, slot, uplink } = verified;
  const repetitionCount = session.repetitionCount + 1;
  if (repetitionCount > MAX_REPETITIONS) {
    throw new WarrenError("frame-replayed", `FCntUp ${verified.fCntUp} came too often`);
  }
  const { answers } = handleMacCommands(device, commands, { session, uplink, region });
  return {
    device: { ...device, [slot]: { ...session, repetitionCount } },
    messages: [],
    expected: { ...expectedAnswer(verified, answers), wantsAnyDownlink: false },
    rootKeyCommands: [],
  };
}

function expectedAnswer(
  { session, frame, fCntUp }: VerifiedUplink,
  macAnswers: readonly Uint8Array[],
): ExpectedAnswer {
  return {
    sessionKeyId: session.sessionKeyId,
    fCntUp,
    needsAck: frame.isConfirmed,
    wantsAnyDownlink: frame.fCtrl.adrAckReq,
    macAnswers,
  };
}

function countUplink(session: Session, { fCntUp, uplink }: VerifiedUplink): Session {
  return {
    ...session,
    fCntUp,
    lastUplink: uplink.phyPayload,
    repetitionCount: 0,
    frameCount: session.frameCount + 1,
  };
}

function activate(
  device: Device,
  session: Session,
  context: {
    readonly commands: readonly UplinkCommand[];
    readonly now: number;
    readonly policy: KeyPolicy;
  },
): DeviceChange {
  // LoRaWAN 1.1 §5.10: frames under the new context count from the one with RekeyInd on.
  if (session.version === "1.1" && !context.commands.some(({ name }) => name === "RekeyInd")) {
    throw new WarrenError("session-unknown", "the new session is used without RekeyInd");
  }
  const activated = activatePendingSession(device, session, context.now);
  const { rejoinParameters } = context.policy;
  return session.version === "1.1" && rejoinParameters !== undefined
    ? { ...activated, device: queueRejoinParameters(activated.device, rejoinParameters) }
    : activated;
}

/** The first new uplink after a confirmed downlink says whether it arrived. */
function settleAwaitedAck(
  device: Device,
  session: Session,
  { frame, uplink }: VerifiedUplink,
): DeviceChange {
  const awaited = session.awaitedAck;
  if (awaited === undefined) return { device, messages: [] };
  const event = frame.fCtrl.ack ? "acknowledged" : "not-acknowledged";
  return {
    device: { ...device, current: { ...session, awaitedAck: undefined } },
    messages: [downlinkEvent(device, { ...awaited, event, at: uplink.receivedAt })],
  };
}

function uplinkMessage(
  device: Device,
  session: Session,
  { frame, uplink, region, fCntUp }: VerifiedUplink & { readonly region: Region },
): OutboxMessage {
  return {
    devEui: device.devEui,
    asId: device.asId,
    path: "/network-server/uplinks",
    body: {
      DevEUI: device.devEui,
      DevAddr: session.devAddr,
      JoinEUI: device.joinEui,
      MACVersion: device.macVersion,
      SessionKeyID: session.sessionKeyId,
      ...(session.appSKey !== undefined && { AppSKey: encodeKeyEnvelope(session.appSKey) }),
      FPort: frame.fPort,
      FCntUp: fCntUp,
      Confirmed: frame.isConfirmed,
      FRMPayload: formatHex(frame.frmPayload),
      ReceivedAt: new Date(uplink.receivedAt).toISOString(),
      DataRate: dataRateByIndex(region, uplink.best.dataRate).name,
      Frequency: uplink.best.frequencyHz,
      Gateways: uplink.receptions.slice(0, GATEWAYS_TOLD).map(({ gatewayEui, rssi, snr }) => ({
        GatewayEUI: gatewayEui,
        RSSI: rssi,
        ...(snr !== undefined && { SNR: snr }),
      })),
    },
  };
}
