import type { Clock } from "../../../clock.ts";
import type { ActivityInterval } from "../../../join-server/overview/activity-counts.ts";
import type { Activity } from "../../../join-server/overview/process-activity.ts";
import type { SeenByProcess } from "../../../join-server/overview/seen-by-process.ts";
import type { JoinServerEvent } from "../../../join-server/ports/events.ts";
import { parseEui64 } from "../../../lorawan/identifiers.ts";
import { formatTime } from "../../format-time.ts";
import type { HttpApp } from "../../http-app.ts";
import { DevEuiParams } from "../admin/schemas/common.ts";
import {
  ActivityQuery,
  ActivityView,
  DeviceActivityView,
  type DeviceEventView,
} from "./activity-schemas.ts";

const DEFAULT_MINUTES = 180;
const TAGS = ["overview"];

export function addActivityRoutes(
  scope: HttpApp,
  { activity, devices }: Pick<SeenByProcess, "activity" | "devices">,
  clock: Clock,
): void {
  scope.get(
    "/activity",
    {
      config: { right: "report:read" },
      schema: {
        tags: TAGS,
        summary: "Joins, refusals and root key updates over time, as this process has seen them",
        querystring: ActivityQuery,
        response: { 200: ActivityView },
      },
    },
    (request) => {
      const { minutes = DEFAULT_MINUTES } = request.query;
      return describeActivity(activity.read(minutes, clock.now()));
    },
  );
  scope.get(
    "/devices/:devEui/activity",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary:
          "The newest joins, refusals and updates of a device, as this process has seen them",
        description:
          "Also of a DevEUI that is not on record, whose joins are refused. Of a device that nothing has " +
          "happened to for long there may be no events any more.",
        params: DevEuiParams,
        response: { 200: DeviceActivityView },
      },
    },
    (request) => ({
      since: formatTime(devices.since),
      events: devices.eventsOf(parseEui64(request.params.devEui)).map(describeEvent),
    }),
  );
}

function describeActivity({ since, intervalMs, intervals }: Activity): ActivityView {
  return {
    since: formatTime(since),
    intervalSeconds: intervalMs / 1000,
    intervals: intervals.map(({ startsAt, counts }) => ({
      startsAt: formatTime(startsAt),
      ...counts,
    })),
    refusals: refusalsOf(intervals),
  };
}

function refusalsOf(intervals: readonly ActivityInterval[]): ActivityView["refusals"] {
  const sums = new Map<string, number>();
  for (const [reason, count] of intervals.flatMap(({ refusals }) => [...refusals])) {
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return [...sums]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

function describeEvent(event: JoinServerEvent): DeviceEventView {
  return {
    kind: event.kind,
    at: formatTime(event.at),
    senderId: event.senderId ?? null,
    joinEui: event.joinEui ?? null,
    devAddr: event.devAddr ?? null,
    devNonce: event.devNonce ?? null,
    joinNonce: event.joinNonce ?? null,
    generation: event.generation ?? null,
    updateId: event.updateId ?? null,
    reason: event.reason ?? null,
    remedy: event.remedy ?? null,
  };
}
