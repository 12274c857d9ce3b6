import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "react-router";
import type { WeakKeyReport } from "../../../api/generated/warren-api.ts";
import { ScrollBox } from "../../../components/scroll-box.tsx";

type Weakness = WeakKeyReport["findings"][number]["weakness"];

const MEANINGS: Readonly<Record<Weakness, string>> = {
  "equal-octets": "all octets are equal",
  pattern: "octets that count, or a short block again and again",
  published: "stands in documents or source code",
  "derived-from-eui": "made of the DevEUI or the JoinEUI",
  "same-root-keys": "NwkKey and AppKey are the same",
  duplicate: "several devices have it",
};

/** Which devices have weak keys, as far as one answer of the server goes. */
export function FindingsTable({ report }: { readonly report: WeakKeyReport }) {
  const { findings, next } = report;
  return (
    <>
      <ScrollBox label="Table of weak root keys" maxHeight={360}>
        <Table stickyHeader miw={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">DevEUI</Table.Th>
              <Table.Th scope="col">Key</Table.Th>
              <Table.Th scope="col">Why it is weak</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {findings.map(({ devEui, key, weakness, group }) => (
              <Table.Tr key={`${devEui} ${key} ${weakness}`}>
                <Table.Th scope="row" fw={400}>
                  <Anchor component={Link} to={`/devices/${devEui}`} size="sm" className="mono">
                    {devEui}
                  </Anchor>
                </Table.Th>
                <Table.Td>{key === "nwkKey" ? "NwkKey" : "AppKey"}</Table.Td>
                <Table.Td>
                  {MEANINGS[weakness]}
                  {group !== undefined && ` (group ${group})`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {next !== null && (
        <Text size="sm">
          These are the first {findings.length}; <code>warren keys check</code> lists all.
        </Text>
      )}
    </>
  );
}
