import type { StartedUpdateView } from "../../../server/join-server/admin/schemas/device-answers.ts";
import type {
  AttemptView,
  StuckDeviceView,
  TimelineView,
} from "../../../server/join-server/admin/schemas/update-report-schemas.ts";
import { formatMembers } from "../../api-client/print.ts";

/** What an update that has been started, or was under way already, waits for. */
export function formatStarted(devEui: string, started: StartedUpdateView): string {
  const { updateId, suite, isHealing, carrier, isDelivered } = started;
  const kind = `${suite}${isHealing ? ", healing" : ""}`;
  const next = isDelivered
    ? "its server has the request"
    : "its server could not be reached: it gets the request later, or when it asks";
  return `update ${updateId} of ${devEui} is under way by ${carrier} (${kind}); ${next}`;
}

/** The generations of a device, then its attempts with their steps, newest first. */
export function formatTimeline(timeline: TimelineView): string {
  const summary = formatMembers({
    DevEUI: timeline.devEui,
    Generation: `${timeline.generation}, since ${timeline.generationSince}`,
    Sessions: `${timeline.generationSessions} from these root keys`,
    UpdateIDs: `${timeline.lastUpdateId} of 65535 used`,
    "Failed in a row": timeline.failedAttempts || "",
    "Update wanted": timeline.updateWanted,
    "Policies wait until": timeline.updateNotBefore,
  });
  const generations = timeline.generations.map(
    ({ generation, since, updateId }) =>
      `  ${generation}  ${since ?? "unknown"}  ${updateId === null ? "" : `by update ${updateId}`}`,
  );
  const attempts = timeline.attempts.map(formatAttempt);
  const more = timeline.next === null ? [] : ["There are older attempts: --limit shows more."];
  return [
    summary,
    ["Generations", ...generations].map((each) => each.trimEnd()).join("\n"),
    ...(attempts.length === 0 ? ["No update has been attempted."] : attempts),
    ...more,
  ].join("\n\n");
}

function formatAttempt(attempt: AttemptView): string {
  const { updateId, outcome, reason, suite, isHealing, carrier, requestedBy, remedy } = attempt;
  const ended = reason === null ? outcome : `${outcome} (${reason})`;
  const kind = `${suite}${isHealing ? ", healing" : ""}, by ${carrier}, for ${requestedBy}`;
  const width = Math.max(...attempt.steps.map((step) => step.kind.length));
  const steps = attempt.steps.map(({ at, kind: step, detail }) =>
    `  ${at}  ${step.padEnd(width)}  ${detail ?? ""}`.trimEnd(),
  );
  const advice = remedy === null ? [] : [`  ${remedy}`];
  return [`Update ${updateId}: ${ended}; ${kind}`, ...steps, ...advice].join("\n");
}

export function formatStuckDevices(devices: readonly StuckDeviceView[]): string {
  if (devices.length === 0) return "no device is stuck";
  return devices.map(formatStuckDevice).join("\n\n");
}

function formatStuckDevice({ devEui, name, problems }: StuckDeviceView): string {
  const lines = problems.flatMap(({ kind, since, why, remedy }) => [
    `  ${kind}${since === null ? "" : ` since ${since}`}: ${why}`,
    `  ${remedy}`,
  ]);
  return [`${devEui}${name === "" ? "" : `  ${name}`}`, ...lines].join("\n");
}
