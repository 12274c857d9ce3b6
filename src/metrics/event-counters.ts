import { Counter, type Registry } from "prom-client";
import type { EventSubscriber } from "../events/event-hub.ts";
import type { EventKind, JoinServerEvent } from "../join-server/ports/events.ts";
import { BoundedLabel } from "./bounded-label.ts";

type Count = (event: JoinServerEvent) => void;

/** Counts events: what happened and why, never to which device. */
export function eventCounters(registry: Registry): EventSubscriber {
  const accepted = counter(registry, "joins_accepted", "Joins and rejoins accepted", "type");
  const refused = counter(registry, "joins_refused", "Joins and rejoins refused", "type", "reason");
  const steps = counter(registry, "root_key_update_steps", "Steps of root key updates", "step");
  const failed = counter(registry, "root_key_updates_failed", "Failed root key updates", "reason");
  const changes = counter(registry, "device_changes", "Changes made by operators", "change");
  const campaigns = counter(registry, "campaign_steps", "Steps of campaigns", "step");
  const delivered = counter(registry, "app_s_keys_delivered", "AppSKeyReq answered with a key");
  const withheld = counter(registry, "app_s_keys_refused", "AppSKeyReq refused", "reason");
  const reported = counter(registry, "security_events", "Security events reported", "kind");
  const byReason = (metric: Counter, ...labels: string[]): Count => {
    const children = new BoundedLabel((reason) => metric.labels(...labels, reason));
    return ({ reason }) => children.of(reason ?? "unknown").inc();
  };
  const plain = (metric: Counter, ...labels: string[]): Count => {
    // A child that exists shows a 0 from the start, which is what rates need.
    const child = metric.labels(...labels);
    child.inc(0);
    return () => child.inc();
  };
  const failedByReason = byReason(failed);
  const failedStep = plain(steps, "failed");
  const created = changes.labels("created");
  const counts: Record<EventKind, Count> = {
    "join-accepted": plain(accepted, "join"),
    "rejoin-accepted": plain(accepted, "rejoin"),
    "join-refused": byReason(refused, "join"),
    "rejoin-refused": byReason(refused, "rejoin"),
    "app-s-key-delivered": plain(delivered),
    "app-s-key-refused": byReason(withheld),
    "update-started": plain(steps, "started"),
    "update-accepted": plain(steps, "accepted"),
    "update-confirmed": plain(steps, "confirmed"),
    "update-committed": plain(steps, "committed"),
    "update-failed": (event) => {
      failedStep(event);
      failedByReason(event);
    },
    "device-created": plain(changes, "created"),
    "devices-imported": ({ count = 0 }) => created.inc(count),
    "device-changed": plain(changes, "changed"),
    "device-deleted": plain(changes, "deleted"),
    "nonces-reset": plain(changes, "nonces-reset"),
    "security-event": byReason(reported),
    "campaign-started": plain(campaigns, "started"),
    "campaign-paused": plain(campaigns, "paused"),
    "campaign-resumed": plain(campaigns, "resumed"),
    "campaign-finished": plain(campaigns, "finished"),
    "campaign-aborted": plain(campaigns, "aborted"),
  };
  return ({ event }) => counts[event.kind](event);
}

function counter(registry: Registry, name: string, help: string, ...labelNames: string[]): Counter {
  return new Counter({ name: `warren_${name}_total`, help, labelNames, registers: [registry] });
}
