import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ScrollBox } from "../../components/scroll-box.tsx";

export interface Setting {
  readonly name: string;
  readonly value: ReactNode;
  /** Of the configuration file: `updates.expiry_seconds`. */
  readonly member: string;
}

interface Props {
  /** What the settings are of, as the heading above says. */
  readonly label: string;
  readonly settings: readonly Setting[];
}

/** Settings with what changes each. */
export function SettingTable({ label, settings }: Props) {
  return (
    <ScrollBox label={`Table: ${label}`}>
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Setting</Table.Th>
            <Table.Th scope="col">Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {settings.map(({ name, value, member }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
                <Text size="xs" c="dimmed" className="mono breakable">
                  {member}
                </Text>
              </Table.Th>
              <Table.Td fw={600} miw={110}>
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
