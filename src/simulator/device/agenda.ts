import type { UplinkFrame } from "./data/uplink-frame.ts";
import type { DeviceState } from "./device-state.ts";
import type { RejoinType } from "./join/requests.ts";

/** What a device has in mind; lost with its power, since all that matters is in `DeviceState`. */
export interface Agenda {
  /** When the next Join-request goes out, without a session. */
  joinAt: number;
  /** Join-requests since the last session. */
  joinAttempts: number;
  /** When the next regular uplink is due. */
  uplinkAt: number;
  /** When an uplink is due before that, for whatever the device has to say. */
  soonAt: number;
  /** A data frame that is to be sent again under the same counter. */
  repetition: Repetition | undefined;
  forcedRejoin: ForcedRejoin | undefined;
  /** A rejoin the operator asked for. */
  wantedRejoin: RejoinType | undefined;
  /** When the period of RejoinParamSetupReq ends. */
  rejoinAt: number;
  /** The duty cycle forbids all transmissions until then. */
  quietUntil: number;
  asksForTime: boolean;
}

export interface Repetition {
  readonly frame: UplinkFrame;
  readonly dataRate: number;
  readonly transmissionsLeft: number;
  readonly at: number;
}

export interface ForcedRejoin {
  readonly rejoinType: 0 | 2;
  readonly dataRate: number;
  readonly transmissionsLeft: number;
  readonly periodMs: number;
  readonly at: number;
}

/** One thing to do, at its time. */
export type Activity =
  | { readonly kind: "join"; readonly at: number }
  | {
      readonly kind: "rejoin";
      readonly at: number;
      readonly rejoinType: RejoinType;
      readonly dataRate?: number;
    }
  | { readonly kind: "repeat"; readonly at: number; readonly repetition: Repetition }
  | { readonly kind: "uplink"; readonly at: number };

const NEVER = Number.POSITIVE_INFINITY;

export function emptyAgenda(): Agenda {
  return {
    joinAt: NEVER,
    joinAttempts: 0,
    uplinkAt: NEVER,
    soonAt: NEVER,
    repetition: undefined,
    forcedRejoin: undefined,
    wantedRejoin: undefined,
    rejoinAt: NEVER,
    quietUntil: 0,
    asksForTime: false,
  };
}

/** The next thing to do, never before the duty cycle allows it. */
export function nextActivity(state: DeviceState, agenda: Agenda): Activity | undefined {
  const candidates = state.session === null ? [joinOf(agenda)] : sessionActivities(state, agenda);
  const first = candidates.reduce((a, b) => (b.at < a.at ? b : a));
  if (first.at === NEVER) return undefined;
  return { ...first, at: Math.max(first.at, agenda.quietUntil) };
}

function joinOf(agenda: Agenda): Activity {
  return { kind: "join", at: agenda.joinAt };
}

function sessionActivities(state: DeviceState, agenda: Agenda): Activity[] {
  const { repetition, forcedRejoin } = agenda;
  // A frame is sent as often as it has to be before there is another.
  const data: Activity =
    repetition === undefined
      ? { kind: "uplink", at: Math.min(agenda.soonAt, agenda.uplinkAt) }
      : { kind: "repeat", at: repetition.at, repetition };
  const rejoins: Activity[] = [];
  if (agenda.wantedRejoin !== undefined) {
    rejoins.push({ kind: "rejoin", at: 0, rejoinType: agenda.wantedRejoin });
  }
  if (forcedRejoin !== undefined) {
    const { at, rejoinType, dataRate } = forcedRejoin;
    rejoins.push({ kind: "rejoin", at, rejoinType, dataRate });
  }
  const limits = state.session?.radio.rejoinLimits;
  if (limits) {
    const isCounted = (state.session?.uplinksSinceRejoin ?? 0) >= limits.uplinks;
    rejoins.push({ kind: "rejoin", at: isCounted ? 0 : agenda.rejoinAt, rejoinType: 0 });
  }
  return [...rejoins, data];
}
