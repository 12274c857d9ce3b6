import type { UpdateTimeline } from "../../../../join-server/administration/update-reports.ts";
import { generationSince } from "../../../../join-server/device.ts";
import type { StuckDevice } from "../../../../join-server/root-key-updates/stuck/stuck-devices.ts";
import { adviceOf } from "../../../../join-server/root-key-updates/timeline/attempt-advice.ts";
import type { UpdateAttempt } from "../../../../join-server/root-key-updates/update-attempt.ts";
import { formatSuite } from "../../../../root-key/suite.ts";
import { formatTime } from "../../../format-time.ts";
import type {
  AttemptView,
  StuckDeviceView,
  TimelineView,
} from "../schemas/update-report-schemas.ts";
import { describeUpdate } from "./describe-device.ts";

export function describeAttempt(attempt: UpdateAttempt): AttemptView {
  return {
    updateId: attempt.updateId,
    suite: formatSuite(attempt.suite),
    isHealing: attempt.isHealing,
    carrier: attempt.carrier,
    generation: attempt.generation,
    requestedBy: attempt.requestedBy,
    startedAt: formatTime(attempt.startedAt),
    endedAt: formatTime(attempt.endedAt),
    outcome: attempt.outcome,
    reason: attempt.reason ?? null,
    remedy: adviceOf(attempt) ?? null,
    steps: attempt.steps.map(({ at, kind, detail }) => ({
      at: formatTime(at),
      kind,
      detail: detail ?? null,
    })),
  };
}

export function describeTimeline(timeline: UpdateTimeline): TimelineView {
  const { device, generations, attempts, next } = timeline;
  return {
    devEui: device.devEui,
    generation: device.rootKeys.generation,
    generationSince: formatTime(generationSince(device)),
    generationSessions: device.generationSessions,
    lastUpdateId: device.rootKeys.lastUpdateId,
    failedAttempts: device.failedAttempts,
    updateWanted: device.updateWanted ?? null,
    updateNotBefore: formatTime(device.updateNotBefore),
    generations: generations.map(({ generation, since, updateId }) => ({
      generation,
      since: formatTime(since),
      updateId: updateId ?? null,
    })),
    attempts: attempts.map(describeAttempt),
    next: next ?? null,
  };
}

export function describeStuckDevice({ device, problems }: StuckDevice): StuckDeviceView {
  const { devEui, name, homeNetId, asId, rootKeys } = device;
  return {
    devEui,
    name,
    homeNetId,
    asId,
    generation: rootKeys.generation,
    update: describeUpdate(device),
    problems: problems.map((problem) => ({ ...problem, since: formatTime(problem.since) })),
  };
}
