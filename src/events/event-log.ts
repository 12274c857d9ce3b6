import type { EventKind } from "../join-server/ports/events.ts";
import type { Logger } from "../logger.ts";
import type { EventSubscriber } from "./event-hub.ts";

/** What an operator may have to look at. */
const WARNINGS: ReadonlySet<EventKind> = new Set([
  "join-refused",
  "rejoin-refused",
  "app-s-key-refused",
  "update-failed",
]);

/**
 * Writes every event that a peer has caused to the log under its kind. What an operator does is logged
 * where it is done: an import would otherwise be a line a device.
 */
export function eventLog(logger: Logger): EventSubscriber {
  return ({ event: { kind, at: _, ...fields } }) => {
    if (fields.senderId === undefined) return;
    const line = { event: kind, ...fields };
    if (WARNINGS.has(kind)) logger.warn(line);
    else logger.info(line);
  };
}
