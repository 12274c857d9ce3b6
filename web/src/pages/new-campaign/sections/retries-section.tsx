import { SimpleGrid } from "@mantine/core";
import { DurationInput } from "../../../quantities/duration-input.tsx";
import type { SectionProps } from "../form/campaign-form.ts";
import { NumberField } from "./number-field.tsx";
import { Section } from "./section.tsx";

export function RetriesSection({ form, problems, onChange }: SectionProps) {
  return (
    <Section
      legend="When an attempt fails"
      help="It is made again; a device that has had all its attempts counts as failed."
    >
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <NumberField
          label="Attempts"
          help="For each device."
          defaultText="3"
          value={form.maxAttempts}
          onChange={(maxAttempts) => onChange({ maxAttempts })}
          min={1}
          max={100}
        />
        <DurationInput
          label="Second attempt after"
          description="Twice that before each further one, up to a week. Default: 1 hour."
          valueMs={form.retryAfterMs}
          error={problems["retryAfterMs"]}
          onChange={(retryAfterMs) => onChange({ retryAfterMs })}
        />
        <DurationInput
          label="An attempt takes at most"
          description="Then it is ended. Default: 1 day."
          valueMs={form.attemptTimeoutMs}
          error={problems["attemptTimeoutMs"]}
          onChange={(attemptTimeoutMs) => onChange({ attemptTimeoutMs })}
        />
      </SimpleGrid>
    </Section>
  );
}
