import { Anchor, Code, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { ScrollBox } from "../../../components/scroll-box.tsx";
import { formatCount } from "../../../quantities/numbers.ts";
import type { ActivityData } from "../overview-queries.ts";
import { refusalReason } from "./refusal-reasons.ts";

/** Why joins and rejoins were refused in the time shown, the most frequent reason first. */
export function Refusals({ activity: { refusals } }: { readonly activity: ActivityData }) {
  const byCount = refusals.toSorted((a, b) => b.count - a.count);
  return (
    <div>
      <Title order={4} size="h6" mb={4}>
        Refused joins and rejoins, by reason
      </Title>
      {byCount.length === 0 ? (
        <Text size="sm" c="dimmed">
          None in this time.
        </Text>
      ) : (
        <ScrollBox label="Table of refused joins and rejoins, by reason">
          <Table miw={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Reason</Table.Th>
                <Table.Th scope="col" className="numeric">
                  Count
                </Table.Th>
                <Table.Th scope="col">What it means</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {byCount.map(({ reason, count }) => (
                <RefusalRow key={reason} reason={reason} count={count} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollBox>
      )}
    </div>
  );
}

function RefusalRow({ reason, count }: { readonly reason: string; readonly count: number }) {
  const { meaning, link } = refusalReason(reason);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Code>{reason}</Code>
      </Table.Th>
      <Table.Td className="numeric">{formatCount(count)}</Table.Td>
      <Table.Td>
        {meaning}{" "}
        {link !== undefined && (
          <Anchor component={Link} to={link.to} size="sm" underline="always">
            {link.label}
          </Anchor>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
