import { Autocomplete, Button, Group, TextInput } from "@mantine/core";
import { ACTION_CHOICES } from "./action-words.ts";
import type { AuditFilter } from "./audit-queries.ts";

interface Props {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

/** As the API takes them; what it cannot mean is not sent. */
const NOT_IN_ACTIONS = /[^a-z0-9.-]/g;

export function AuditFilters({ filter, onChange }: Props) {
  const set = (change: Partial<AuditFilter>) => onChange({ ...filter, ...change });
  const isAny = Object.values(filter).every((value) => value === "");
  return (
    <Group align="flex-end" component="search">
      <Autocomplete
        label="Action"
        description="Ends with a dot: all that begin so."
        placeholder="any"
        data={[...ACTION_CHOICES]}
        maxDropdownHeight={320}
        value={filter.action}
        onChange={(text) =>
          set({ action: text.toLowerCase().replaceAll(NOT_IN_ACTIONS, "").slice(0, 64) })
        }
      />
      <TextInput
        label="Actor"
        description="Such as token:<id> or file-token."
        placeholder="any"
        maxLength={256}
        value={filter.actor}
        onChange={(event) => set({ actor: event.currentTarget.value.trim() })}
      />
      <TextInput
        label="Subject"
        description="A DevEUI, a NetID, an AS-ID, a token."
        placeholder="any"
        maxLength={256}
        value={filter.subject}
        onChange={(event) => set({ subject: event.currentTarget.value.trim() })}
      />
      <Button
        variant="default"
        disabled={isAny}
        onClick={() => onChange({ actor: "", action: "", subject: "" })}
      >
        Show all
      </Button>
    </Group>
  );
}
