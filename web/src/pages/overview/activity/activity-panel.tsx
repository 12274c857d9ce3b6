import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { TimeChart } from "../../../charts/time-chart.tsx";
import { Loaded } from "../../../components/loaded.tsx";
import { Panel } from "../../../components/panel.tsx";
import { absoluteTime } from "../../../components/time.tsx";
import { type ActivityData, useActivity } from "../overview-queries.ts";
import { joinData, updateData } from "./activity-data.ts";
import { Refusals } from "./refusals.tsx";

const SPANS = [
  { value: "180", label: "3 hours" },
  { value: "1440", label: "24 hours" },
];

/** Joins and updates over time, and why joins were refused. */
export function ActivityPanel() {
  const [minutes, setMinutes] = useState("180");
  const activity = useActivity(Number(minutes));
  return (
    <Panel
      title="Joins and updates"
      actions={
        <SegmentedControl
          size="xs"
          data={SPANS}
          value={minutes}
          onChange={setMinutes}
          aria-label="How far back"
        />
      }
    >
      <Loaded query={activity} height={480}>
        {(data) => <Charts activity={data} />}
      </Loaded>
    </Panel>
  );
}

function Charts({ activity }: { readonly activity: ActivityData }) {
  const joins = useMemo(() => joinData(activity), [activity]);
  const updates = useMemo(() => updateData(activity), [activity]);
  const minutes = activity.intervalSeconds / 60;
  const each = minutes === 1 ? "each minute" : `every ${minutes} minutes`;
  return (
    <Stack gap="lg">
      <TimeChart label={`Joins and rejoins, ${each}`} data={joins} />
      <TimeChart label={`Root key updates, ${each}`} data={updates} height={140} />
      <Refusals activity={activity} />
      <Group>
        <Text size="xs" c="dimmed">
          Counted by this process of the Join Server since it started,{" "}
          {absoluteTime(activity.since)}.
        </Text>
      </Group>
    </Stack>
  );
}
