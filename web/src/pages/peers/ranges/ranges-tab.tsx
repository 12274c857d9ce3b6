import { Button, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  deleteJoinEuiRangesByFirstByBits,
  type JoinEuiRange,
} from "../../../api/generated/warren-api.ts";
import { useRights } from "../../../api/use-rights.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { Identifier } from "../../../components/identifier.tsx";
import { Loaded } from "../../../components/loaded.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { ScrollBox } from "../../../components/scroll-box.tsx";
import { PEERS_KEY, rangesQuery } from "../peer-queries.ts";
import { AddRange } from "./add-range.tsx";
import { formatRange, lastOf, sizeOf } from "./range-text.ts";

/** The JoinEUIs that this server answers for. */
export function RangesTab() {
  const query = useQuery(rangesQuery);
  const mayWrite = useRights()("peer:write");
  const client = useQueryClient();
  const [erased, setErased] = useState<JoinEuiRange>();
  const [isErasing, setErasing] = useState(false);
  const erase = async () => {
    if (erased === undefined) return;
    const { first, prefixLengthBits: bits } = erased;
    await deleteJoinEuiRangesByFirstByBits({ first, bits });
    notifyDone(`${formatRange(erased)} is served no longer.`);
    await client.invalidateQueries({ queryKey: PEERS_KEY });
  };
  const onErase = (range: JoinEuiRange) => {
    setErased(range);
    setErasing(true);
  };
  const isLast = query.data?.length === 1;
  return (
    <Stack>
      {mayWrite && <AddRange />}
      <Loaded query={query}>
        {(ranges) =>
          ranges.length === 0 ? (
            <Text>
              Every JoinEUI is served, since no range is on record. With one or more, only those.
            </Text>
          ) : (
            <RangesTable ranges={ranges} onErase={mayWrite ? onErase : undefined} />
          )
        }
      </Loaded>
      {erased !== undefined && (
        <ConfirmModal
          isOpen={isErasing}
          onClose={() => setErasing(false)}
          title={`Serve ${formatRange(erased)} no longer?`}
          action={`Delete ${formatRange(erased)}`}
          typed={formatRange(erased)}
          onConfirm={erase}
        >
          {isLast
            ? "This is the last range: without any, every JoinEUI is served."
            : "Devices with these JoinEUIs cannot join any more, unless another range has them."}
        </ConfirmModal>
      )}
    </Stack>
  );
}

interface TableProps {
  readonly ranges: readonly JoinEuiRange[];
  readonly onErase: ((range: JoinEuiRange) => void) | undefined;
}

function RangesTable({ ranges, onErase }: TableProps) {
  return (
    <>
      <Text size="sm">Devices with these JoinEUIs are served, and no others.</Text>
      <ScrollBox label="JoinEUI ranges">
        <Table aria-label="JoinEUIs that are served">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Range</Table.Th>
              <Table.Th scope="col">Last JoinEUI</Table.Th>
              <Table.Th scope="col" className="numeric">
                JoinEUIs
              </Table.Th>
              {onErase && <Table.Th scope="col">Actions</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ranges.map((range) => (
              <Table.Tr key={formatRange(range)}>
                <Table.Td>
                  <Identifier>{formatRange(range)}</Identifier>
                </Table.Td>
                <Table.Td className="mono">{lastOf(range)}</Table.Td>
                <Table.Td className="numeric">{sizeOf(range)}</Table.Td>
                {onErase && (
                  <Table.Td>
                    <Button size="xs" variant="light" color="red" onClick={() => onErase(range)}>
                      Delete<VisuallyHidden> {formatRange(range)}</VisuallyHidden>
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
    </>
  );
}
