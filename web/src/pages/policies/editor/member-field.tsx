import { Fieldset, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly label: string;
  readonly help: string;
  readonly children: ReactNode;
}

/** A member of a policy: its name and meaning above, its fields in a row. */
export function MemberField({ label, help, children }: Props) {
  return (
    <Fieldset
      variant="unstyled"
      legend={
        <Text span fw={600} size="sm">
          {label}
        </Text>
      }
    >
      <Text size="xs" c="dimmed" mb={4}>
        {help}
      </Text>
      <Group gap="sm" align="flex-end">
        {children}
      </Group>
    </Fieldset>
  );
}
