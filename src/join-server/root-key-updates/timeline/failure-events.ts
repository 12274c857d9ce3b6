import type { Device } from "../../device.ts";
import type { JoinServerEvent } from "../../ports/events.ts";
import type { UpdateAttempt } from "../update-attempt.ts";

/**
 * What is told of attempts that a save has ended without a commit.
 *
 * @param from when, and by whose message, if it was one
 */
export function failureEvents(
  { devEui, joinEui, rootKeys }: Device,
  ended: readonly UpdateAttempt[] | undefined,
  from: { readonly at: number; readonly senderId?: string },
): JoinServerEvent[] {
  return (ended ?? [])
    .filter(({ outcome }) => outcome === "failed")
    .map(({ updateId, reason }) => ({
      kind: "update-failed",
      ...from,
      devEui,
      joinEui,
      generation: rootKeys.generation,
      updateId,
      reason,
    }));
}
