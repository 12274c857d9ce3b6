import { SimpleGrid } from "@mantine/core";
import type { SectionProps } from "../form/campaign-form.ts";
import { NumberField } from "./number-field.tsx";
import { Section } from "./section.tsx";

export function SafetySection({ form, onChange }: SectionProps) {
  return (
    <Section
      legend="When to stop"
      help="A few devices go first, as canaries; the others wait until these are through. It pauses by itself when too many fail."
    >
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <NumberField
          label="Canaries"
          help="Share of the devices that go first, at least one; 0 % for none."
          defaultText="2 %"
          value={form.canaryPercent}
          onChange={(canaryPercent) => onChange({ canaryPercent })}
          min={0}
          max={100}
          suffix=" %"
          isDecimal
        />
        <NumberField
          label="Failures at most"
          help="It pauses when more of the devices that are through have failed."
          defaultText="10 %"
          value={form.maxFailurePercent}
          onChange={(maxFailurePercent) => onChange({ maxFailurePercent })}
          min={0}
          max={100}
          suffix=" %"
          isDecimal
        />
        <NumberField
          label="Of so many"
          help="Only when so many are through; not for canaries."
          defaultText="20"
          value={form.minSettledForPause}
          onChange={(minSettledForPause) => onChange({ minSettledForPause })}
          min={1}
          max={1_000_000}
        />
      </SimpleGrid>
    </Section>
  );
}
