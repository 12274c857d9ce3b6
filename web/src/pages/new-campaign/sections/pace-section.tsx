import { SimpleGrid } from "@mantine/core";
import type { SectionProps } from "../form/campaign-form.ts";
import { NumberField } from "./number-field.tsx";
import { Section } from "./section.tsx";

export function PaceSection({ form, onChange }: SectionProps) {
  return (
    <Section
      legend="How fast"
      help="More than gateways and Network Server can carry does not fail; it grows a tail of attempts that have to be made again."
    >
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <NumberField
          label="Starts a minute"
          help="Updates started per minute, in all."
          defaultText="60"
          value={form.startsPerMinute}
          onChange={(startsPerMinute) => onChange({ startsPerMinute })}
          min={0.01}
          max={60_000}
          isDecimal
        />
        <NumberField
          label="Per gateway"
          help="The same for the devices of one gateway, where it is known."
          defaultText="6"
          value={form.startsPerMinutePerGateway}
          onChange={(startsPerMinutePerGateway) => onChange({ startsPerMinutePerGateway })}
          min={0.01}
          max={60_000}
          isDecimal
        />
        <NumberField
          label="Under way at most"
          help="Updates that go on at the same time."
          defaultText="1,000"
          value={form.maxUnderWay}
          onChange={(maxUnderWay) => onChange({ maxUnderWay })}
          min={1}
          max={1_000_000}
        />
      </SimpleGrid>
    </Section>
  );
}
