import { Button, Chip, Group, Paper, Text, TextInput } from "@mantine/core";
import { WEEKDAYS, type WindowForm } from "../form/time-windows.ts";

interface Props {
  /** From 1, to tell windows apart. */
  readonly number: number;
  readonly window: WindowForm;
  readonly problem: string | undefined;
  readonly onChange: (window: WindowForm) => void;
  readonly onRemove: () => void;
}

export function WindowFields({ number, window, problem, onChange, onRemove }: Props) {
  return (
    <Paper withBorder p="sm" role="group" aria-label={`Time window ${number}`}>
      <Group align="flex-end" gap="sm">
        <TextInput
          label="From (UTC)"
          placeholder="22:00"
          w={100}
          value={window.from}
          onChange={(event) => onChange({ ...window, from: event.currentTarget.value })}
        />
        <TextInput
          label="To (UTC)"
          placeholder="05:00"
          w={100}
          value={window.to}
          onChange={(event) => onChange({ ...window, to: event.currentTarget.value })}
        />
        <Button variant="default" onClick={onRemove} aria-label={`Remove time window ${number}`}>
          Remove
        </Button>
      </Group>
      <Chip.Group
        multiple
        value={[...window.days]}
        onChange={(days) => onChange({ ...window, days })}
      >
        <Group gap={4} mt="xs">
          {WEEKDAYS.map((day) => (
            <Chip key={day} value={day} size="xs">
              {day}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {window.days.length === 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          No day chosen: every day.
        </Text>
      )}
      {problem !== undefined && (
        <Text size="sm" c="red" role="alert" mt={4}>
          {problem}
        </Text>
      )}
    </Paper>
  );
}
