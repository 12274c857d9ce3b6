import type { UpdateRecord } from "../../../root-key/server-state.ts";
import type { Device } from "../../device.ts";
import { nextPolicyAttemptAt } from "../../policies/next-policy-attempt.ts";
import { type PolicyLevels, policyOfDevice } from "../../policies/policy-levels.ts";
import { wantUpdateAfter } from "../../policies/want-update.ts";
import type { AttemptStep, UpdateAttempt, UpdateCarrier } from "../update-attempt.ts";
import { isUnderWay } from "../update-policy.ts";
import { addStep } from "./attempt-steps.ts";

export interface TimelineContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The policies that hold, for what follows from a failure. */
  readonly levels: PolicyLevels;
}

/** A device with its timeline as it is now; both go into one save. */
export interface Recorded {
  readonly device: Device;
  readonly endedAttempts: readonly UpdateAttempt[];
}

/** Who wanted an attempt, and how it goes to the device. */
export interface AttemptOrigin {
  readonly requestedBy: UpdateAttempt["requestedBy"];
  readonly carrier: UpdateCarrier;
}

/** Something that happened, at the time of the context. */
export type NewStep = Omit<AttemptStep, "at">;

/** The timeline of an update that has just been started. */
export function beginAttempt(device: Device, origin: AttemptOrigin, now: number): Device {
  const { update } = device.rootKeys;
  return update === undefined
    ? device
    : { ...device, attempt: newAttempt(device, update, origin, now) };
}

/**
 * Tells the timeline of a change: what happened, and, when it ended the attempt, how. What follows from the
 * end is decided here, for every path that leads to it: a commit forgets failures and wishes, a failure
 * makes policies wait.
 *
 * @param before the device as it is stored
 * @param after the same device with the change; the same object when only the step is to be noted
 */
export function followUpdate(
  before: Device,
  after: Device,
  context: TimelineContext,
  step?: NewStep,
): Recorded {
  const attempt = attemptUnderWay(before);
  const { update } = after.rootKeys;
  if (attempt === undefined || update === undefined) return { device: after, endedAttempts: [] };
  const stepped = step === undefined ? attempt : addStep(attempt, { at: context.now, ...step });
  if (update.status === "committed") return committed(after, stepped, context);
  if (update.status === "failed") return failed(after, stepped, update, context);
  return {
    device: stepped === after.attempt ? after : { ...after, attempt: stepped },
    endedAttempts: [],
  };
}

function committed(device: Device, attempt: UpdateAttempt, { now }: TimelineContext): Recorded {
  const ended: UpdateAttempt = {
    ...addStep(attempt, { at: now, kind: "committed" }),
    outcome: "committed",
    endedAt: now,
  };
  return {
    device: {
      ...device,
      attempt: ended,
      failedAttempts: 0,
      updateNotBefore: undefined,
      updateWanted: undefined,
    },
    endedAttempts: [ended],
  };
}

function failed(
  device: Device,
  attempt: UpdateAttempt,
  { reason }: UpdateRecord,
  { now, levels }: TimelineContext,
): Recorded {
  const ended: UpdateAttempt = {
    ...addStep(attempt, { at: now, kind: "failed", detail: reason }),
    outcome: "failed",
    reason,
    endedAt: now,
  };
  const policy = policyOfDevice(levels, device);
  const failedAttempts = device.failedAttempts + 1;
  const counted = {
    ...device,
    attempt: ended,
    failedAttempts,
    updateNotBefore: nextPolicyAttemptAt({ failedAttempts }, policy, now),
  };
  return {
    device: reason === "wrong-mics" ? wantUpdateAfter(counted, reason, policy) : counted,
    endedAttempts: [ended],
  };
}

function attemptUnderWay(device: Device): UpdateAttempt | undefined {
  const { update } = device.rootKeys;
  if (update === undefined || !isUnderWay(device)) return undefined;
  const { attempt } = device;
  if (attempt?.updateId === update.updateId) return attempt;
  // It was started before there were timelines.
  const origin = { requestedBy: "unknown", carrier: "mac-commands" } as const;
  return newAttempt(device, update, origin, device.updateStartedAt ?? device.createdAt);
}

function newAttempt(
  device: Device,
  { updateId, suite, isHealing }: UpdateRecord,
  { requestedBy, carrier }: AttemptOrigin,
  startedAt: number,
): UpdateAttempt {
  return {
    updateId,
    suite,
    isHealing,
    carrier,
    generation: device.rootKeys.generation,
    requestedBy,
    startedAt,
    steps: [{ at: startedAt, kind: "started" }],
    outcome: "under-way",
    reason: undefined,
    endedAt: undefined,
  };
}
