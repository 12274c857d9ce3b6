import { SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** Name and value; a pair whose value is undefined is left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
  /** Columns on a wide screen; a phone has one. */
  readonly columns?: number;
}

/** Names and values of one thing, as a list that a screen reader reads in pairs. */
export function Facts({ facts, columns = 3 }: Props) {
  const shown = facts.filter(([, value]) => value !== undefined);
  return (
    <SimpleGrid
      component="dl"
      cols={{ base: 1, xs: Math.min(2, columns), md: columns }}
      spacing="md"
      verticalSpacing="xs"
      m={0}
    >
      {shown.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} className="breakable">
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
