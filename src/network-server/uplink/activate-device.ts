import type { Answer } from "../../backend/client.ts";
import type { JoinAns, JoinReq } from "../../backend/join-messages.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { encodeDlSettings } from "../../lorawan/join/dl-settings.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import { encodeCfList } from "../../lorawan/region/cf-list.ts";
import type { NetworkServerContext } from "../context.ts";
import { receiveWindows } from "../downlink/receive-windows.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { addPendingSession } from "../session/activate-session.ts";
import { drawDevAddr } from "../session/dev-addr.ts";
import type { Device } from "../session/device.ts";
import { sessionFromAnswer } from "../session/session-from-answer.ts";

/** A request of an end-device for a new session. */
export interface ActivationRequest {
  readonly device: Device;
  readonly uplink: ReceivedUplink;
  /** `join`, or the type of the rejoin. */
  readonly type: "join" | 0 | 1 | 2;
}

/**
 * Asks the Join Server for a new session, keeps it as pending and sends the Join-accept in the join
 * windows (LoRaWAN 1.1 §6.2.3). A refusal is not told to the end-device.
 *
 * @throws WarrenError `session-unknown` for a rejoin from a session that the end-device has left by a join;
 *   `peer-unreachable`, `peer-answer-malformed`, `key-unwrap-failed`
 */
export async function activateDevice(
  context: NetworkServerContext,
  activation: ActivationRequest,
): Promise<void> {
  const { store, scheduler, settings, clock, logger } = context;
  const { device, uplink, type } = activation;
  const { devEui } = device;
  if (type !== "join") requireNoLaterJoin(store, devEui);
  const request = joinReqFor(context, activation);
  const answer = await askJoinServer(context, activation, request);
  if (answer.value === undefined) {
    logger.warn({ event: "join-refused", devEui, type, result: answer.result.resultCode });
    return;
  }
  const now = clock.now();
  const { keks, region } = settings;
  const origin = type === "join" ? "join" : "rejoin";
  const session = sessionFromAnswer({ request, answer: answer.value, keks, origin, now });
  const { rootKeyGeneration, rootKeyMaxFrames } = answer.value;
  store.changeDevice(devEui, (current) => ({
    device: addPendingSession(current, session, { rootKeyGeneration, rootKeyMaxFrames, now }),
    messages: [],
  }));
  const outcome = await scheduler.transmit({
    phyPayload: answer.value.phyPayload,
    windows: receiveWindows(region, uplink.best, {
      rx1DelayMs: region.joinAcceptDelay1Ms,
      ...windowParametersOf(activation, region.rx2.dataRate),
    }),
    uplink,
  });
  const { devAddr, sessionKeyId } = session;
  if (outcome.isSent) {
    logger.info({ event: "join-accepted", devEui, type, devAddr, sessionKeyId });
  } else {
    logger.warn({ event: "join-accept-not-sent", devEui, type, reason: outcome.reason });
  }
}

/**
 * An end-device that sends a Join-request has given up its session, so a Rejoin-request that comes between
 * an accepted join and the first use of its session is an old one. It must not cost the device that session.
 */
function requireNoLaterJoin(
  store: Pick<NetworkServerContext["store"], "findDevice">,
  devEui: Eui64,
): void {
  if (store.findDevice(devEui)?.pending?.origin !== "join") return;
  throw new WarrenError("session-unknown", `${devEui} has left the session it rejoins from`);
}

/**
 * A rejoin of type 2 leaves the channels as they are, so it gets no CFList (LoRaWAN 1.1 §6.2.3); each type
 * may change the DevAddr (§6.2.4, table 15), and a new one keeps both contexts apart at first sight.
 */
function joinReqFor(
  { settings, store, randomBytes }: NetworkServerContext,
  activation: ActivationRequest,
): JoinReq {
  const { device, uplink, type } = activation;
  const { region, netId, rxDelaySeconds } = settings;
  return {
    macVersion: device.macVersion,
    phyPayload: uplink.phyPayload,
    devEui: device.devEui,
    devAddr: drawDevAddr(netId, randomBytes, store),
    dlSettings: encodeDlSettings({
      optNeg: isLorawan11(device.macVersion),
      ...windowParametersOf(activation, region.rx2.dataRate),
    }),
    rxDelay: type === 2 ? (device.current?.rxDelaySeconds ?? rxDelaySeconds) : rxDelaySeconds,
    ...(type !== 2 && { cfList: encodeCfList(region.defaultCfList) }),
    gatewayId: uplink.best.gatewayEui,
  };
}

/** A device in a session listens with the parameters of that session, one without with the defaults. */
function windowParametersOf(
  { device, type }: ActivationRequest,
  defaultRx2DataRate: number,
): { readonly rx1DrOffset: number; readonly rx2DataRate: number } {
  const session = type === "join" ? undefined : device.current;
  return {
    rx1DrOffset: session?.rx1DrOffset ?? 0,
    rx2DataRate: session?.rx2DataRate ?? defaultRx2DataRate,
  };
}

function askJoinServer(
  { joinServer }: NetworkServerContext,
  { device, type }: ActivationRequest,
  request: JoinReq,
): Promise<Answer<JoinAns>> {
  return type === "join"
    ? joinServer.joinReq(device.joinEui, request)
    : joinServer.rejoinReq(device.joinEui, request);
}
