import { Anchor, Badge, Group, Table, Text } from "@mantine/core";
import { Link } from "react-router";
import type { CampaignDevice } from "../../../api/generated/warren-api.ts";
import { OUTCOMES, type Outcome } from "../../../campaigns/outcomes.ts";
import { ScrollBox } from "../../../components/scroll-box.tsx";
import { Time } from "../../../components/time.tsx";

const COLOURS: Readonly<Record<Outcome, string>> = {
  updated: "green",
  failed: "red",
  skipped: "gray",
  "under-way": "blue",
  waiting: "gray",
};

/** Of devices that this campaign has started no update for. */
const NOT_STARTED: Partial<Readonly<Record<Outcome, string>>> = {
  updated: "by another order",
  skipped: "never",
  failed: "never",
  "under-way": "by another order",
};

export function DeviceTable({ devices }: { readonly devices: readonly CampaignDevice[] }) {
  return (
    <ScrollBox label="Devices of the campaign">
      <Table highlightOnHover verticalSpacing={6} miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">DevEUI</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col" className="numeric">
              Attempts
            </Table.Th>
            <Table.Th scope="col">Started</Table.Th>
            <Table.Th scope="col">Ended, or next attempt</Table.Th>
            <Table.Th scope="col">Reason, and what to do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {devices.map((device) => (
            <Row key={device.devEui} device={device} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}

function Row({ device }: { readonly device: CampaignDevice }) {
  const { devEui, state, isCanary, attempts, startedAt, reason, remedy } = device;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/devices/${devEui}`} className="mono">
          {devEui}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Badge color={COLOURS[state]} variant="light" miw="max-content">
            {OUTCOMES.find(({ outcome }) => outcome === state)?.label ?? state}
          </Badge>
          {isCanary && (
            <Badge variant="outline" color="gray" miw="max-content">
              canary
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td className="numeric">{attempts}</Table.Td>
      <Table.Td>
        <Time at={startedAt} never={NOT_STARTED[state] ?? "not yet"} />
      </Table.Td>
      <Table.Td>
        <WhatIsNext device={device} />
      </Table.Td>
      <Table.Td maw={360}>
        {reason !== null && (
          <>
            <Text size="sm" className="mono">
              {reason}
            </Text>
            <Text size="xs" c="dimmed">
              {remedy}
            </Text>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function WhatIsNext({ device }: { readonly device: CampaignDevice }) {
  const { endedAt, nextAttemptAt, state, attempts } = device;
  if (endedAt !== null) return <Time at={endedAt} />;
  // Of a device that has not been tried yet, the time says only that its turn may come.
  if (state !== "waiting" || attempts === 0) return null;
  return <Time at={nextAttemptAt} />;
}
