import { Stack, Table, Text } from "@mantine/core";
import type { UpdatePolicyCost } from "../api/generated/warren-api.ts";
import { ScrollBox } from "../components/scroll-box.tsx";
import { formatRounded, formatShare } from "../quantities/numbers.ts";

type Row = UpdatePolicyCost["dataRates"][number];

interface Column {
  readonly heading: string;
  readonly text: (row: Row) => string;
}

const PER_UPDATE: readonly Column[] = [
  { heading: "Messages", text: ({ perUpdate }) => messages(perUpdate) },
  { heading: "On the air", text: ({ perUpdate }) => airtime(perUpdate) },
  { heading: "Energy", text: ({ perUpdate }) => energy(perUpdate) },
];
const PER_YEAR: readonly Column[] = [
  { heading: "Messages", text: ({ perYear }) => messages(perYear) },
  { heading: "On the air", text: ({ perYear }) => airtime(perYear) },
  { heading: "Energy", text: ({ perYear }) => energy(perYear) },
  { heading: "Of the battery", text: ({ perYear }) => formatShare(perYear.batteryShare) },
  { heading: "Of 1 % duty cycle", text: ({ perYear }) => formatShare(perYear.dutyCycleShare) },
];

interface Props {
  readonly cost: UpdatePolicyCost;
  /** Tells tables of one page apart, for who reaches them by keyboard. */
  readonly label?: string;
}

/** What updates cost one device, at each data rate: one update, and those of a year if any can be foreseen. */
export function CostTable({ cost, label = "Cost at each data rate" }: Props) {
  const { updatesPerYear, dataRates } = cost;
  const perYear = updatesPerYear === 0 ? [] : PER_YEAR;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {updatesPerYear === 0
          ? "No updates that can be foreseen: only events and orders start one."
          : `About ${formatRounded(updatesPerYear)} updates a year for each device.`}
      </Text>
      <ScrollBox label={label}>
        <Table withRowBorders verticalSpacing={4} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th rowSpan={2} scope="col">
                Data rate
              </Table.Th>
              <Table.Th colSpan={PER_UPDATE.length} scope="colgroup" ta="center">
                One update
              </Table.Th>
              {perYear.length > 0 && (
                <Table.Th colSpan={perYear.length} scope="colgroup" ta="center">
                  A year
                </Table.Th>
              )}
            </Table.Tr>
            <Table.Tr>
              <Headings columns={PER_UPDATE} />
              <Headings columns={perYear} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {dataRates.map((row) => (
              <Table.Tr key={row.dataRate}>
                <Table.Th scope="row" fw={500}>
                  {row.name}
                </Table.Th>
                <Cells columns={PER_UPDATE} row={row} />
                <Cells columns={perYear} row={row} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      <Text size="xs" c="dimmed">
        Messages are those sent by the device and to it, the join included. Energy is that of the
        radio at 3.3 V, 45 mA sending and 4.6 mA receiving; the battery has 2,400 mAh.
      </Text>
    </Stack>
  );
}

function Headings({ columns }: { readonly columns: readonly Column[] }) {
  return columns.map(({ heading }) => (
    <Table.Th key={heading} scope="col" className="numeric">
      {heading}
    </Table.Th>
  ));
}

function Cells({ columns, row }: { readonly columns: readonly Column[]; readonly row: Row }) {
  return columns.map(({ heading, text }) => (
    <Table.Td key={heading} className="numeric" style={{ whiteSpace: "nowrap" }}>
      {text(row)}
    </Table.Td>
  ));
}

function messages({ uplinks, downlinks }: Row["perUpdate"]): string {
  return `${formatRounded(uplinks)} up, ${formatRounded(downlinks)} down`;
}

function airtime({ uplinkAirtimeMs, downlinkAirtimeMs }: Row["perUpdate"]): string {
  return `${formatRounded((uplinkAirtimeMs + downlinkAirtimeMs) / 1_000)} s`;
}

function energy({ energyMj }: Row["perUpdate"]): string {
  return energyMj >= 1_000
    ? `${formatRounded(energyMj / 1_000)} J`
    : `${formatRounded(energyMj)} mJ`;
}
