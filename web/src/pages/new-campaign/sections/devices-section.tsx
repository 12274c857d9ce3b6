import { SegmentedControl, Stack, Text } from "@mantine/core";
import type { CampaignForm, SectionProps } from "../form/campaign-form.ts";
import { ListField } from "./list-field.tsx";
import { NumberField } from "./number-field.tsx";
import { SearchFields } from "./search-fields.tsx";
import { Section } from "./section.tsx";

const CHOICES = [
  { value: "all", label: "All devices" },
  { value: "search", label: "A search" },
  { value: "list", label: "A list" },
];

export function DevicesSection(props: SectionProps) {
  const { form, onChange } = props;
  return (
    <Section
      legend="Which devices"
      help="The devices are fixed when the campaign is made; those that are disabled are left out."
    >
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Which devices"
          value={form.which}
          data={CHOICES}
          onChange={(which) => onChange({ which: which as CampaignForm["which"] })}
        />
        {form.which === "search" && <SearchFields {...props} />}
        {form.which === "list" && <ListField {...props} />}
        <NumberField
          label="Newest generation"
          help="Devices with root keys of a later generation are left out, so 0 is for those that still have their first keys."
          defaultText="any generation"
          value={form.generationAtMost}
          onChange={(generationAtMost) => onChange({ generationAtMost })}
          min={0}
          max={65_535}
        />
        {form.which === "all" && form.generationAtMost === undefined && (
          <Text size="sm">Every device of this Join Server gets new root keys.</Text>
        )}
      </Stack>
    </Section>
  );
}
