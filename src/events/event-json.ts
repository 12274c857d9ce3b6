import type { EventKind } from "../join-server/ports/events.ts";
import type { NumberedEvent } from "./event-hub.ts";

/** An event as streams and webhooks show it; members that say nothing are absent. */
export interface EventJson {
  readonly id: number;
  readonly kind: EventKind;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly [member: string]: unknown;
}

export function eventJson({ id, event }: NumberedEvent): EventJson {
  const { kind, at, ...rest } = event;
  return { id, kind, at: new Date(at).toISOString(), ...rest };
}
