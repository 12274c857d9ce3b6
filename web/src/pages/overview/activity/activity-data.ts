import type { ChartData } from "../../../charts/chart-data.ts";
import type { ActivityData } from "../overview-queries.ts";

type Interval = ActivityData["intervals"][number];

export function joinData(activity: ActivityData): ChartData {
  return chartData(activity, [
    ["Joins", "good", ({ joinsAccepted }) => joinsAccepted],
    ["Rejoins", "other", ({ rejoinsAccepted }) => rejoinsAccepted],
    ["Refused", "bad", ({ joinsRefused, rejoinsRefused }) => joinsRefused + rejoinsRefused],
  ]);
}

export function updateData(activity: ActivityData): ChartData {
  return chartData(activity, [
    ["Committed", "good", ({ updatesCommitted }) => updatesCommitted],
    ["Started", "other", ({ updatesStarted }) => updatesStarted],
    ["Failed", "bad", ({ updatesFailed }) => updatesFailed],
  ]);
}

type Line = readonly [
  label: string,
  tone: ChartData["series"][number]["tone"],
  count: (interval: Interval) => number,
];

function chartData(
  { intervals, intervalSeconds }: ActivityData,
  lines: readonly Line[],
): ChartData {
  return {
    times: intervals.map(({ startsAt }) => Date.parse(startsAt) / 1000),
    intervalSeconds,
    series: lines.map(([label, tone, count]) => ({ label, tone, values: intervals.map(count) })),
  };
}
