import type { Device } from "../device.ts";
import { policyOfDevice } from "../policies/policy-levels.ts";
import { type PreparedUpdate, prepareUpdateForPeer, type UpdateContext } from "./start-update.ts";
import { expireWithTimeline } from "./timeline/expire-update.ts";
import {
  type AttemptOrigin,
  beginAttempt,
  followUpdate,
  type Recorded,
  type TimelineContext,
} from "./timeline/follow-update.ts";

export interface StartedForPeer extends PreparedUpdate, Recorded {
  /** False when it is the request of the one under way, once more. */
  readonly isNew: boolean;
}

/**
 * As `prepareUpdateForPeer`, with the timeline, for whichever server asks. The request leaves in the
 * answer, so it counts as handed over. Asking again is not noted: a server that does it all the time causes no
 * writes.
 *
 * @throws WarrenError `update-not-allowed`, `suite-not-allowed`, `update-id-exhausted`
 */
export function startForPeer(
  device: Device,
  context: UpdateContext & TimelineContext & AttemptOrigin,
): StartedForPeer {
  const { device: current, endedAttempts } = expireWithTimeline(device, context.policy, context);
  const own = policyOfDevice(context.levels, current);
  const prepared = prepareUpdateForPeer(current, own, context);
  if (prepared.device === current) return { ...prepared, endedAttempts, isNew: false };
  const begun = beginAttempt(prepared.device, context, context.now);
  const { device: started } = followUpdate(begun, begun, context, {
    kind: "request-handed-over",
    detail: "in the answer",
  });
  return { ...prepared, device: started, endedAttempts, isNew: true };
}
