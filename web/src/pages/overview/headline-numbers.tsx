import { Anchor, Paper, SimpleGrid, Text } from "@mantine/core";
import { Link } from "react-router";
import { formatCount } from "../../quantities/numbers.ts";
import type { OverviewData } from "./overview-queries.ts";

interface Headline {
  readonly name: string;
  readonly count: number;
  /** Where they are listed, when there is such a list. */
  readonly to?: string;
}

/** The few numbers that say how large all of it is, each a link to what it counts. */
export function HeadlineNumbers({ overview }: { readonly overview: OverviewData }) {
  const { devices, updates, campaigns } = overview;
  const failed = overview.needsAttention.failedUpdates;
  const headlines: readonly Headline[] = [
    { name: "Devices", count: devices.total, to: "/devices" },
    { name: "Never joined", count: devices.neverJoined },
    { name: "Switched off", count: devices.disabled, to: "/devices?isDisabled=true" },
    { name: "Being updated", count: updates.underWay, to: "#updates-under-way" },
    { name: "Updates failed", count: failed, to: "/devices?updateStatus=failed" },
    { name: "Running campaigns", count: campaigns.running, to: "/campaigns" },
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="md">
      {headlines.map(({ name, count, to }) => (
        <Paper key={name} withBorder px="md" py="xs">
          <Text size="xl" fw={650} lh={1.3}>
            {formatCount(count)}
          </Text>
          {to === undefined ? (
            <Text size="sm">{name}</Text>
          ) : (
            <Anchor component={Link} to={to} size="sm">
              {name}
            </Anchor>
          )}
        </Paper>
      ))}
    </SimpleGrid>
  );
}
