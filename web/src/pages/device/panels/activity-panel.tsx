import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type DeviceActivity,
  getDevicesByDevEuiActivity,
} from "../../../api/generated/warren-api.ts";
import { eventLook } from "../../../components/event-looks.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { Panel } from "../../../components/panel.tsx";
import { absoluteTime, Time } from "../../../components/time.tsx";
import { countOf } from "../../../quantities/numbers.ts";

type DeviceEvent = DeviceActivity["events"][number];

/** Asked for again with everything of the device when an event concerns it, and for roles without events. */
const AT_LEAST_EVERY_MS = 30_000;
/** Events shown before somebody asks for more. */
const FEW = 10;

/** What has happened to the device: joins, refusals and what to do about them, updates. */
export function ActivityPanel({ devEui }: { readonly devEui: string }) {
  const query = useQuery({
    queryKey: ["devices", devEui, "activity"],
    queryFn: () => getDevicesByDevEuiActivity({ devEui }),
    refetchInterval: AT_LEAST_EVERY_MS,
  });
  return (
    <Panel title="Joins and other events" about="Newest first, as far as this process remembers.">
      <Loaded query={query} height={160}>
        {(activity) => <EventList activity={activity} />}
      </Loaded>
    </Panel>
  );
}

function EventList({ activity: { since, events } }: { readonly activity: DeviceActivity }) {
  const [isWhole, setWhole] = useState(false);
  if (events.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing since {absoluteTime(since)}, when this process started.
      </Text>
    );
  }
  const shown = isWhole ? events : events.slice(0, FEW);
  return (
    <>
      <Stack component="ul" gap={8} m={0} p={0} style={{ listStyle: "none" }}>
        {shown.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two events of one moment may be alike
          <EventItem key={`${event.at}-${index}`} event={event} />
        ))}
      </Stack>
      {shown.length < events.length && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setWhole(true)}>
          Show {countOf(events.length - FEW, "older event")}
        </Button>
      )}
    </>
  );
}

function EventItem({ event }: { readonly event: DeviceEvent }) {
  const { kind, at, reason, remedy } = event;
  const { label, color } = eventLook(kind);
  return (
    <li>
      <Group gap={8} justify="space-between" align="baseline">
        <Badge variant="dot" color={color} tt="none">
          {reason === null ? label : `${label}: ${reason}`}
        </Badge>
        <Text size="xs" c="dimmed">
          <Time at={at} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed" className="breakable">
        {factsOf(event)}
      </Text>
      {remedy !== null && (
        <Alert variant="light" color={color} p={6} mt={4}>
          <Text size="sm">{remedy}</Text>
        </Alert>
      )}
    </li>
  );
}

const NAMES = [
  ["senderId", "from"],
  ["devNonce", "DevNonce"],
  ["joinNonce", "JoinNonce"],
  ["devAddr", "DevAddr"],
  ["updateId", "update"],
  ["generation", "generation"],
] as const;

/** `from 000001, DevNonce 17`. */
function factsOf(event: DeviceEvent): string {
  return NAMES.flatMap(([member, name]) => {
    const value = event[member];
    return value === null ? [] : [`${name} ${value}`];
  }).join(", ");
}
