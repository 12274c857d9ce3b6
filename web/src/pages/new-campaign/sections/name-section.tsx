import { Checkbox, Stack, Textarea, TextInput } from "@mantine/core";
import type { SectionProps } from "../form/campaign-form.ts";
import { Section } from "./section.tsx";

export function NameSection({ form, onChange }: SectionProps) {
  return (
    <Section legend="Name" help="For people: why it is made, a ticket, who knows more.">
      <Stack gap="sm">
        <TextInput
          label="Name"
          maxLength={128}
          value={form.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          maxLength={2_000}
          rows={2}
          value={form.description}
          onChange={(event) =>
            // One line, as everywhere in Warren.
            onChange({ description: event.currentTarget.value.replaceAll(/[\r\n]+/g, " ") })
          }
        />
        <Checkbox
          label="Wait until I start it"
          description="It is put together and then paused, so that its devices can be looked at first."
          checked={form.startsPaused}
          onChange={(event) => onChange({ startsPaused: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  );
}
