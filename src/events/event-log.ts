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

/** Writes every event to the log under its kind. */
export function eventLog(logger: Logger): EventSubscriber {
  return ({ event: { kind, at: _, ...fields } }) => {
    const line = { event: kind, ...fields };
    if (WARNINGS.has(kind)) logger.warn(line);
    else logger.info(line);
  };
}
