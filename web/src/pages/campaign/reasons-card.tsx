import { Table } from "@mantine/core";
import type { CampaignProgress } from "../../api/generated/warren-api.ts";
import { OUTCOMES } from "../../campaigns/outcomes.ts";
import { Panel } from "../../components/panel.tsx";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { formatCount } from "../../quantities/numbers.ts";

interface Props {
  readonly reasons: CampaignProgress["reasons"];
}

/** Why devices have not been updated, the most frequent reason first, and what to do. */
export function ReasonsCard({ reasons }: Props) {
  if (reasons.length === 0) return null;
  return (
    <Panel
      title="Reasons, and what to do"
      about="Of devices that wait: why their last attempt failed."
    >
      <ScrollBox label="Reasons, and what to do">
        <Table verticalSpacing="xs" miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" className="numeric">
                Devices
              </Table.Th>
              <Table.Th scope="col">State</Table.Th>
              <Table.Th scope="col">Reason</Table.Th>
              <Table.Th scope="col">What to do</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {reasons.map(({ state, reason, count, remedy }) => (
              <Table.Tr key={`${state} ${reason}`}>
                <Table.Td className="numeric">{formatCount(count)}</Table.Td>
                <Table.Td>{labelOf(state)}</Table.Td>
                <Table.Td className="mono">{reason}</Table.Td>
                <Table.Td>{remedy}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
    </Panel>
  );
}

function labelOf(state: CampaignProgress["reasons"][number]["state"]): string {
  return OUTCOMES.find(({ outcome }) => outcome === state)?.label ?? state;
}
