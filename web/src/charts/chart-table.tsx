import { Button, Collapse, Table, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ScrollBox } from "../components/scroll-box.tsx";
import { formatCount } from "../quantities/numbers.ts";
import { type ChartData, clockTime } from "./chart-data.ts";

interface Props {
  readonly label: string;
  readonly data: ChartData;
}

/** The numbers of a chart, newest first; intervals in which nothing happened are left out. */
export function ChartTable({ label, data }: Props) {
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <div>
      <Button variant="subtle" size="compact-xs" onClick={toggle} aria-expanded={isOpen}>
        {isOpen ? "Hide the numbers" : "Show the numbers"}
        <VisuallyHidden> of {label}</VisuallyHidden>
      </Button>
      <Collapse expanded={isOpen}>{isOpen && <Numbers label={label} data={data} />}</Collapse>
    </div>
  );
}

function Numbers({ label, data: { times, series } }: Props) {
  const rows = times
    .map((time, index) => ({ time, counts: series.map(({ values }) => values[index] ?? 0) }))
    .filter(({ counts }) => counts.some((count) => count > 0))
    .reverse();
  if (rows.length === 0) return <Text size="sm">Nothing happened in this time.</Text>;
  return (
    <ScrollBox label={label} maxHeight={260}>
      <Table stickyHeader aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">From</Table.Th>
            {series.map(({ label: name }) => (
              <Table.Th key={name} scope="col" className="numeric">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ time, counts }) => (
            <Table.Tr key={time}>
              <Table.Th scope="row">{clockTime(time)}</Table.Th>
              {counts.map((count, index) => (
                <Table.Td key={series[index]?.label} className="numeric">
                  {formatCount(count)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
