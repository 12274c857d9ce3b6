import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { Agenda } from "./agenda.ts";
import type { DownlinkOutcome } from "./data/receive-downlink.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { DeviceProfile } from "./device-profile.ts";
import type { DeviceState } from "./device-state.ts";
import { joinDelayMs } from "./join/join-schedule.ts";
import type { Session } from "./session.ts";

/** An answer that cannot wait goes out within this time, at random. */
const SOON_MS = 3_000;
/** NewKeyReadyReq is repeated after this time, then twice as long, and so on. */
const FIRST_UPDATE_REPEAT_MS = 4_000;
/** So many times the device speaks up for an update; later repetitions ride on other uplinks. */
const OWN_UPDATE_UPLINKS = 4;
/** Spread of the uplink interval, so that devices don't stay in step. */
const INTERVAL_SPREAD = 0.1;
const RAND32_MS = 32_000;

/** A data frame that was sent, and what its device has left. */
export interface SentUplink {
  readonly profile: DeviceProfile;
  readonly isOnRootKeyPort: boolean;
  readonly outbox: DeviceState["outbox"];
}

type Ports = Pick<DevicePorts, "timeline" | "chance">;

/** The device has something to say that does not wait for its interval. */
export function speakSoon(agenda: Agenda, { timeline, chance }: Ports): void {
  agenda.soonAt = Math.min(agenda.soonAt, timeline.now() + (0.2 + 0.8 * chance()) * SOON_MS);
}

/** While the Join Server has not answered NewKeyReadyReq, the device speaks up again, with back-off. */
export function speakSoonForUpdate(agenda: Agenda, state: DeviceState, ports: Ports): void {
  const candidate = state.update?.candidate;
  if (state.session === null) return;
  if (state.rootKeyCarrier === "port" && state.session.portAnswers.length > 0) {
    speakSoon(agenda, ports);
  }
  if (candidate === undefined || candidate.isConfirmed) return;
  // The fragments of one NewKeyReadyReq follow each other at once.
  if (candidate.timesSent === 0 || candidate.nextFragment > 0) speakSoon(agenda, ports);
  else if (candidate.timesSent < OWN_UPDATE_UPLINKS) {
    const waitMs = FIRST_UPDATE_REPEAT_MS * 2 ** (candidate.timesSent - 1);
    agenda.soonAt = Math.min(agenda.soonAt, ports.timeline.now() + waitMs);
  }
}

/**
 * A new data frame is on its way: when is the next one due? A frame of the root key port is none of the
 * regular ones: what was due is due after it.
 */
export function uplinkSent(agenda: Agenda, ports: Ports, sent: SentUplink): void {
  const { profile, isOnRootKeyPort, outbox } = sent;
  const now = ports.timeline.now();
  agenda.soonAt = outbox.length > 0 ? now : Number.POSITIVE_INFINITY;
  agenda.asksForTime = false;
  if (agenda.uplinkAt > now || isOnRootKeyPort) return;
  const spread = 1 + INTERVAL_SPREAD * (2 * ports.chance() - 1);
  agenda.uplinkAt = now + profile.uplinkIntervalMs * spread;
}

/** The device has no session: the next Join-request, the later the more were not answered. */
export function nextJoin(
  agenda: Agenda,
  { longestJoinPauseMs }: DeviceProfile,
  { timeline, chance }: Ports,
): void {
  agenda.repetition = undefined;
  agenda.forcedRejoin = undefined;
  agenda.wantedRejoin = undefined;
  agenda.joinAt = timeline.now() + joinDelayMs(agenda.joinAttempts, chance(), longestJoinPauseMs);
}

/** The device is in a new session: it shows that soon, and keeps nothing of the old one in mind. */
export function joined(
  agenda: Agenda,
  session: Session,
  device: { profile: DeviceProfile; ports: Ports },
): void {
  const { profile, ports } = device;
  agenda.joinAttempts = 0;
  agenda.repetition = undefined;
  agenda.forcedRejoin = undefined;
  agenda.uplinkAt = ports.timeline.now();
  agenda.soonAt = Number.POSITIVE_INFINITY;
  speakSoon(agenda, ports);
  agenda.uplinkAt = agenda.soonAt;
  agenda.asksForTime = isLorawan11(profile.macVersion) && session.isLorawan11;
  planPeriodicRejoin(agenda, session, ports);
}

/** A Rejoin-request goes out: the next of ForceRejoinReq, and the next period, are counted from now. */
export function rejoinSent(agenda: Agenda, session: Session, ports: Ports): void {
  const { forcedRejoin } = agenda;
  const now = ports.timeline.now();
  planPeriodicRejoin(agenda, session, ports);
  if (agenda.wantedRejoin !== undefined) {
    agenda.wantedRejoin = undefined;
  } else if (forcedRejoin !== undefined && forcedRejoin.at <= now) {
    const transmissionsLeft = forcedRejoin.transmissionsLeft - 1;
    const at = now + forcedRejoin.periodMs + RAND32_MS * ports.chance();
    agenda.forcedRejoin =
      transmissionsLeft > 0 ? { ...forcedRejoin, transmissionsLeft, at } : undefined;
  }
}

/** The time limit of RejoinParamSetupReq; after a restart it is counted from the restart. */
export function planPeriodicRejoin(agenda: Agenda, session: Session, ports: Ports): void {
  const { rejoinLimits } = session.radio;
  agenda.rejoinAt =
    rejoinLimits === null ? Number.POSITIVE_INFINITY : ports.timeline.now() + rejoinLimits.periodMs;
}

/** What a downlink makes the device plan: rejoins, an answer, or a join under new root keys. */
export function followDownlink(
  agenda: Agenda,
  { effects, state }: DownlinkOutcome,
  { before, ports }: { readonly before: Session; readonly ports: Ports },
): void {
  const { session } = state;
  if (session === null) {
    agenda.joinAttempts = 0;
    return;
  }
  if (session.radio.rejoinLimits !== before.radio.rejoinLimits) {
    planPeriodicRejoin(agenda, session, ports);
  }
  for (const effect of effects) {
    // Only a device that joined over the air can rejoin (LoRaWAN 1.1 §6.2.4).
    if (effect.kind !== "rejoin-forced" || session.activation === "abp") continue;
    const { rejoinType, dataRate, periodMs, retries } = effect;
    const at = ports.timeline.now();
    const transmissionsLeft = retries + 1;
    agenda.forcedRejoin = { rejoinType, dataRate, periodMs, transmissionsLeft, at };
  }
  speakSoonForUpdate(agenda, state, ports);
}
