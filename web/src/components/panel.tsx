import { Group, Paper, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface Props {
  readonly title: string;
  /** A sentence below the title. */
  readonly about?: ReactNode;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  /** To be linked to: `#weak-keys`. */
  readonly id?: string;
  readonly children: ReactNode;
}

/** A part of a page with a frame and a heading of its own. */
export function Panel({ title, about, actions, id, children }: Props) {
  const headingId = useId();
  return (
    <Paper component="section" withBorder p="md" h="100%" id={id} aria-labelledby={headingId}>
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <div>
          <Title order={3} size="h5" id={headingId}>
            {title}
          </Title>
          {about !== undefined && (
            <Text c="dimmed" size="sm">
              {about}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Paper>
  );
}
