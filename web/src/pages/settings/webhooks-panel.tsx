import { Code, Table, Text } from "@mantine/core";
import { Panel } from "../../components/panel.tsx";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { formatCount } from "../../quantities/numbers.ts";
import type { SettingsData } from "./settings-queries.ts";

type Webhooks = SettingsData["webhooks"];

/** Where events are sent to, and whether they arrive. */
export function WebhooksPanel({ webhooks }: { readonly webhooks: Webhooks }) {
  return (
    <Panel
      title="Webhooks"
      about="Other programs that are sent events. Counts are since the start."
    >
      {webhooks.length === 0 ? (
        <Text size="sm">
          None. Each is a <Code>[[webhook]]</Code> table of the configuration file.
        </Text>
      ) : (
        <WebhookTable webhooks={webhooks} />
      )}
      {webhooks.some(({ dropped }) => dropped > 0) && (
        <Text size="sm" mt="sm">
          Events were dropped because a receiver did not take them in time: see that it runs, or
          raise <Code>queue</Code> of its <Code>[[webhook]]</Code> table.
        </Text>
      )}
    </Panel>
  );
}

function WebhookTable({ webhooks }: { readonly webhooks: Webhooks }) {
  return (
    <ScrollBox label="Table of webhooks">
      <Table aria-label="Webhooks">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Receiver</Table.Th>
            <Table.Th scope="col">Events</Table.Th>
            {COUNTS.map(([name]) => (
              <Table.Th key={name} scope="col" className="numeric">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {webhooks.map((webhook, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may have one host; their order never changes
            <Table.Tr key={index}>
              <Table.Th scope="row" className="mono">
                {webhook.host}
              </Table.Th>
              <Table.Td>{webhook.kinds.length === 0 ? "all" : webhook.kinds.join(", ")}</Table.Td>
              {COUNTS.map(([name, member]) => (
                <Table.Td key={name} className="numeric">
                  {formatCount(webhook[member])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}

const COUNTS = [
  ["Delivered", "delivered"],
  ["Waiting", "waiting"],
  ["Failed attempts", "failedAttempts"],
  ["Dropped", "dropped"],
] as const;
