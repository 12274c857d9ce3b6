import type { Device } from "../../device.ts";
import { chooseCarrier, type UpdatePeers } from "../choose-carrier.ts";
import { adviceAfter } from "../timeline/attempt-advice.ts";
import { isUnderWay } from "../update-policy.ts";

/** Why updates of a device do not get on. */
export const STUCK_KINDS = [
  "no-carrier",
  "not-handed-over",
  "silent",
  "no-proof",
  "not-joined",
  "failing",
  "update-ids-low",
] as const;
export type StuckKind = (typeof STUCK_KINDS)[number];

export interface StuckProblem {
  readonly kind: StuckKind;
  /** Epoch milliseconds; undefined where it is no matter of time. */
  readonly since: number | undefined;
  readonly why: string;
  /** What an operator can do. */
  readonly remedy: string;
}

/** What counts as stuck. */
export interface StuckLimits {
  /** An update that got no further since this or before (epoch milliseconds). */
  readonly quietSinceAtMost: number;
  readonly failedAttemptsAtLeast: number;
  readonly lastUpdateIdAtLeast: number;
}

const LAST_UPDATE_ID = 0xffff;

/** What is wrong with the updates of a device, nothing when all goes well; the most pressing first. */
export function stuckProblems(
  device: Device,
  peers: UpdatePeers,
  limits: StuckLimits,
): StuckProblem[] {
  return [
    isUnderWay(device) ? waitingProblem(device, peers, limits) : undefined,
    device.failedAttempts >= limits.failedAttemptsAtLeast ? failingProblem(device) : undefined,
    device.rootKeys.lastUpdateId >= limits.lastUpdateIdAtLeast ? idsProblem(device) : undefined,
  ].filter((problem) => problem !== undefined);
}

function waitingProblem(
  device: Device,
  peers: UpdatePeers,
  { quietSinceAtMost }: StuckLimits,
): StuckProblem | undefined {
  const startedAt = device.updateStartedAt ?? device.createdAt;
  const steps = device.attempt?.steps ?? [];
  const since = steps.at(-1)?.at ?? startedAt;
  if (since > quietSinceAtMost) return undefined;
  const { status } = device.rootKeys.update ?? {};
  if (status === "confirmed") return { kind: "not-joined", since, ...NOT_JOINED };
  if (chooseCarrier(device, peers) === undefined) {
    return { kind: "no-carrier", since: startedAt, ...NO_CARRIER };
  }
  const handOver = steps.findLast(({ kind }) => kind.startsWith("request-"));
  if (status === "prepared" && handOver?.kind !== "request-handed-over") {
    return notHandedOver(startedAt, handOver?.detail);
  }
  return status === "accepted"
    ? { kind: "no-proof", since, ...NO_PROOF }
    : { kind: "silent", since: startedAt, ...SILENT };
}

type Explanation = Pick<StuckProblem, "why" | "remedy">;

const NOT_JOINED: Explanation = {
  why: "the device has proven its new keys and has not joined since; until then both sides keep the old keys too, so nothing is lost",
  remedy:
    "Let the device join, for instance by a restart. Aborting is safe as well: it goes on with the old keys.",
};
const NO_CARRIER: Explanation = {
  why: "no server on record relays updates to the device",
  remedy:
    "Set relaysRootKeyUpdates in the record of its Network Server or its Application Server, or correct " +
    "homeNetId, asId or carrier of the device.",
};
const NO_PROOF: Explanation = {
  why: "the device has accepted the update and has not proven its new keys",
  remedy:
    "Check that its uplinks arrive and that the server on the way relays what comes up; a device that has given " +
    "up repeating waits for the next attempt: abort this one and start again.",
};
const SILENT: Explanation = {
  why: "the request was handed over and nothing of the device came back",
  remedy:
    "Check that the device sends uplinks (a Class A device hears nothing otherwise), that its firmware knows root " +
    "key updates, and that the server on the way relays both directions.",
};

function notHandedOver(since: number, code: string | undefined): StuckProblem {
  return {
    kind: "not-handed-over",
    since,
    why:
      code === undefined
        ? "the request has not been handed over to a server"
        : `the request could not be handed over: ${code}`,
    remedy:
      "Check that the server that carries updates runs, and the URL and credentials in its record. The request is " +
      "handed over again by itself, and when the server asks.",
  };
}

function failingProblem({ failedAttempts, attempt, rootKeys }: Device): StuckProblem {
  const reason = attempt?.reason ?? rootKeys.update?.reason;
  return {
    kind: "failing",
    since: attempt?.endedAt,
    why: `${failedAttempts} attempts in a row have failed${reason ? `, the last one: ${reason}` : ""}`,
    remedy: reason
      ? adviceAfter(reason)
      : "Look at the timeline of the device: the attempts before say why they failed.",
  };
}

function idsProblem({ rootKeys }: Device): StuckProblem {
  const left = LAST_UPDATE_ID - rootKeys.lastUpdateId;
  return {
    kind: "update-ids-low",
    since: undefined,
    why: `${left} of 65,535 UpdateIDs are left; without one no update can start`,
    remedy:
      "Find out who causes attempts that fail (the timeline says who asked), and update less often. Only another " +
      "DevEUI has UpdateIDs of its own.",
  };
}
