import { NativeSelect, SimpleGrid } from "@mantine/core";
import type { CampaignForm, SectionProps } from "../form/campaign-form.ts";
import { Section } from "./section.tsx";

const KINDS = [
  { value: "policy", label: "as its policy says for each device" },
  { value: "plain", label: "without an exchange" },
  { value: "healing", label: "with an X25519 exchange (healing)" },
];

export function UpdatesSection({ form, onChange }: SectionProps) {
  return (
    <Section legend="Which updates" help="How the new root keys are made.">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label="Suite"
          inputWrapperOrder={["label", "input", "description"]}
          description="What derives the new keys. A device that does not know it refuses. Default: that of each device."
          data={[{ value: "", label: "that of each device" }, "rabbit", "aes-cmac", "hkdf-sha256"]}
          value={form.suite}
          onChange={(event) => onChange({ suite: event.currentTarget.value })}
        />
        <NativeSelect
          label="Kind"
          inputWrapperOrder={["label", "input", "description"]}
          description="With an exchange, who has the old keys and only listens does not learn the new ones; it takes more time on the air."
          data={KINDS}
          value={form.kind}
          onChange={(event) =>
            onChange({ kind: event.currentTarget.value as CampaignForm["kind"] })
          }
        />
      </SimpleGrid>
    </Section>
  );
}
