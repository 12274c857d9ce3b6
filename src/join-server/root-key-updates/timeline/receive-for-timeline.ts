import type { ServerUpdateState } from "../../../root-key/server-state.ts";
import type { Device } from "../../device.ts";
import { type ReceivedCommand, receiveRootKeyCommand } from "../receive-command.ts";
import type { UpdateContext } from "../start-update.ts";
import type { UpdateAttempt, UpdateCarrier } from "../update-attempt.ts";
import { expireWithTimeline } from "./expire-update.ts";
import {
  type AttemptOrigin,
  followUpdate,
  type NewStep,
  type Recorded,
  type TimelineContext,
} from "./follow-update.ts";

export interface ReceivedForTimeline extends ReceivedCommand, Recorded {
  /** What the command has brought the update to; what ended it stands in the attempt. */
  readonly reached: "accepted" | "confirmed" | undefined;
}

/**
 * As `receiveRootKeyCommand`, with the timeline. A proof that is repeated is noted once: a carrier that
 * replays it causes no writes.
 *
 * @param context its carrier is the way that the command came
 * @throws WarrenError `frame-…`
 */
export function receiveForTimeline(
  device: Device,
  macCommand: Uint8Array,
  context: UpdateContext & TimelineContext & Pick<AttemptOrigin, "carrier">,
): ReceivedForTimeline {
  const expired = expireWithTimeline(device, context.policy, context);
  const received = receiveRootKeyCommand(expired.device, macCommand);
  const step = stepOf(expired.device, received);
  const recorded = followUpdate(
    expired.device,
    received.device,
    context,
    step && withCarrier(step, device.attempt, context.carrier),
  );
  return {
    ...received,
    device: recorded.device,
    endedAttempts: [...expired.endedAttempts, ...recorded.endedAttempts],
    reached: reachedBy(expired.device.rootKeys, received.device.rootKeys),
  };
}

function reachedBy(
  before: ServerUpdateState,
  after: ServerUpdateState,
): ReceivedForTimeline["reached"] {
  const status = after.update?.status;
  if (status === before.update?.status) return undefined;
  return status === "accepted" || status === "confirmed" ? status : undefined;
}

function stepOf(before: Device, { device, answer }: ReceivedCommand): NewStep | undefined {
  const [from, to] = [before.rootKeys.update, device.rootKeys.update];
  if (from === undefined || to === undefined) return undefined;
  if (answer !== undefined) return proofStep(before, device.rootKeys);
  if (to.wrongMics > from.wrongMics) return { kind: "ready-wrong-mic" };
  if (to.status === from.status) return undefined;
  if (to.status === "failed") return { kind: "refused", detail: to.reason };
  return to.status === "accepted" ? { kind: "accepted" } : undefined;
}

function proofStep(before: Device, after: ServerUpdateState): NewStep | undefined {
  if (before.rootKeys.update?.status !== after.update?.status) return { kind: "ready-received" };
  const isNoted = before.attempt?.steps.some(({ kind }) => kind === "ready-repeated");
  return isNoted === true ? undefined : { kind: "ready-repeated" };
}

function withCarrier(
  step: NewStep,
  attempt: UpdateAttempt | undefined,
  carrier: UpdateCarrier,
): NewStep {
  if (attempt === undefined || attempt.carrier === carrier) return step;
  return { ...step, detail: [step.detail, `by ${carrier}`].filter(Boolean).join(" ") };
}
