import { Anchor, Button, Code, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { LOOKS } from "./outcome-filter.tsx";
import type { FileRecord } from "./run/import-report.ts";

/** Rows at first, and with each press of the button. */
const PAGE = 100;

interface Props {
  readonly records: readonly FileRecord[];
  readonly isDryRun: boolean;
}

/** Line, device, what becomes of it and why. Give it a `key` that changes with the filter. */
export function RecordTable({ records, isDryRun }: Props) {
  const [shown, setShown] = useState(PAGE);
  const left = records.length - shown;
  return (
    <Stack gap="xs">
      <ScrollBox label="Records of the file" maxHeight={520}>
        <Table stickyHeader verticalSpacing={6} miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="numeric">Line</Table.Th>
              <Table.Th>DevEUI</Table.Th>
              <Table.Th>Outcome</Table.Th>
              <Table.Th>Why, and what to do</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {records.slice(0, shown).map((record, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: records have no other name, and never move
              <RecordRow key={index} record={record} isDryRun={isDryRun} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {left > 0 && (
        <Button variant="default" size="xs" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(left, PAGE).toLocaleString("en")} more of {left.toLocaleString("en")}
        </Button>
      )}
    </Stack>
  );
}

function RecordRow({
  record,
  isDryRun,
}: {
  readonly record: FileRecord;
  readonly isDryRun: boolean;
}) {
  const { line, devEui, outcome, code, words } = record;
  const { label, one = label, done } = LOOKS[outcome];
  const isOnRecord = outcome !== "error" && !(isDryRun && outcome === "created");
  return (
    <Table.Tr>
      <Table.Td className="numeric">{line.toLocaleString("en")}</Table.Td>
      <Table.Td className="mono">
        {isOnRecord && devEui !== undefined ? (
          <Anchor component={Link} to={`/devices/${devEui}`} inherit>
            {devEui}
          </Anchor>
        ) : (
          (devEui ?? "unreadable")
        )}
      </Table.Td>
      <Table.Td>{isDryRun ? one : (done ?? one)}</Table.Td>
      <Table.Td>
        {words.map((sentence) => (
          <Text key={sentence} size="sm">
            {sentence}
          </Text>
        ))}
        {code !== undefined && <Code>{code}</Code>}
      </Table.Td>
    </Table.Tr>
  );
}
