import { Table, Text, UnstyledButton } from "@mantine/core";
import type { AuditEntry } from "../../api/generated/warren-api.ts";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { absoluteTime } from "../../components/time.tsx";
import { ACTION_WORDS } from "./action-words.ts";
import { detailsInBrief } from "./entry/describe-details.ts";
import { Subject } from "./entry/subject.tsx";

interface Props {
  readonly entries: readonly AuditEntry[];
  readonly onOpen: (entry: AuditEntry) => void;
}

export function AuditTable({ entries, onOpen }: Props) {
  return (
    <ScrollBox label="Audit log, newest entry first">
      <Table highlightOnHover miw={900} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className="numeric">
              Entry
            </Table.Th>
            <Table.Th scope="col">When</Table.Th>
            <Table.Th scope="col">What</Table.Th>
            <Table.Th scope="col">To what</Table.Th>
            <Table.Th scope="col">Who</Table.Th>
            <Table.Th scope="col">Details</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Row key={entry.seq} entry={entry} onOpen={onOpen} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}

interface RowProps {
  readonly entry: AuditEntry;
  readonly onOpen: (entry: AuditEntry) => void;
}

function Row({ entry, onOpen }: RowProps) {
  const { seq, at, action, actor } = entry;
  const iso = new Date(at).toISOString();
  return (
    <Table.Tr>
      <Table.Td className="numeric">
        <UnstyledButton
          fz="sm"
          td="underline"
          onClick={() => onOpen(entry)}
          aria-label={`${seq}: all of the entry`}
        >
          {seq}
        </UnstyledButton>
      </Table.Td>
      <Table.Td>
        <time dateTime={iso}>{absoluteTime(iso)}</time>
      </Table.Td>
      <Table.Td>
        {ACTION_WORDS[action] ?? action}
        {action in ACTION_WORDS && (
          <Text size="xs" c="dimmed" className="mono">
            {action}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="breakable">
        <Subject entry={entry} />
      </Table.Td>
      <Table.Td className="mono breakable">{actor}</Table.Td>
      <Table.Td className="breakable">{detailsInBrief(entry.details)}</Table.Td>
    </Table.Tr>
  );
}
