import { NativeSelect, NumberInput, SimpleGrid } from "@mantine/core";
import { type Circumstances, USUAL_CIRCUMSTANCES } from "./circumstances.ts";

interface Props {
  readonly value: Circumstances;
  readonly onChange: (value: Circumstances) => void;
}

const REGIONS = ["EU868", "US915"];
const VERSIONS = ["1.0.2", "1.0.3", "1.0.4", "1.1.0"];

/** What the cost depends on besides the policy; nothing of it is saved. */
export function CircumstancesFields({ value, onChange }: Props) {
  const number = (name: "uplinksPerDay" | "sessionsPerYear") => ({
    value: value[name],
    min: 0,
    max: 1_000_000,
    clampBehavior: "strict" as const,
    onChange: (typed: string | number) =>
      onChange({ ...value, [name]: typeof typed === "number" ? typed : USUAL_CIRCUMSTANCES[name] }),
  });
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} spacing="xs">
      <NativeSelect
        label="Region"
        data={REGIONS}
        value={value.region}
        onChange={(event) => onChange({ ...value, region: event.currentTarget.value })}
      />
      <NativeSelect
        label="LoRaWAN"
        data={VERSIONS}
        value={value.macVersion}
        onChange={(event) => onChange({ ...value, macVersion: event.currentTarget.value })}
      />
      <NumberInput label="Uplinks a day" {...number("uplinksPerDay")} />
      <NumberInput label="Joins a year" {...number("sessionsPerYear")} />
      <NumberInput
        label="Frames lost"
        suffix=" %"
        value={Number((value.loss * 100).toFixed(4))}
        min={0}
        max={90}
        clampBehavior="strict"
        onChange={(typed) =>
          onChange({ ...value, loss: typeof typed === "number" ? typed / 100 : 0 })
        }
      />
    </SimpleGrid>
  );
}
