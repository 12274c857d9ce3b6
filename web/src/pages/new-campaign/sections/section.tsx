import { Fieldset, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly legend: string;
  readonly help: string;
  readonly children: ReactNode;
}

export function Section({ legend, help, children }: Props) {
  return (
    <Fieldset legend={legend} miw={0}>
      <Text size="sm" c="dimmed" mb="sm">
        {help}
      </Text>
      {children}
    </Fieldset>
  );
}
