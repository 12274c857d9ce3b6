import { Autocomplete, NativeSelect, NumberInput, SimpleGrid, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getDeviceProfiles } from "../../../api/generated/warren-api.ts";
import type { DeviceConditions } from "../../../campaigns/conditions-text.ts";
import type { SectionProps } from "../form/campaign-form.ts";

const VERSIONS = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"];
const STATUSES = ["prepared", "accepted", "confirmed", "committed", "failed"];

/** The conditions of a search as on the page of the devices; what is left empty is no condition. */
export function SearchFields({ form, problems, onChange }: SectionProps) {
  const { query } = form;
  const change = (conditions: DeviceConditions) => onChange({ query: { ...query, ...conditions } });
  const profiles = useQuery({
    queryKey: ["policies", "profiles", "names"],
    queryFn: async () =>
      (await getDeviceProfiles({ limit: 1_000 })).deviceProfiles.map(({ name }) => name),
  });
  const text = (name: keyof DeviceConditions) => ({
    value: String(query[name] ?? ""),
    error: problems[name],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      change({ [name]: event.currentTarget.value.trimStart() }),
  });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
      <TextInput
        label="Text"
        description="In the name, the description or a tag"
        {...text("text")}
      />
      <TextInput label="DevEUI begins with" description="Hex digits" {...text("devEuiPrefix")} />
      <TextInput label="JoinEUI" description="AppEUI before 1.0.4" {...text("joinEui")} />
      <TextInput label="NetID" description="Of their Network Server" {...text("homeNetId")} />
      <TextInput label="AS-ID" description="Of their Application Server" {...text("asId")} />
      <Autocomplete
        label="Device profile"
        description="Whose update policy they have"
        data={profiles.data ?? []}
        value={query.deviceProfile ?? ""}
        onChange={(deviceProfile) => change({ deviceProfile })}
      />
      <NativeSelect
        label="LoRaWAN version"
        data={[{ value: "", label: "any" }, ...VERSIONS]}
        value={query.macVersion ?? ""}
        onChange={(event) => change({ macVersion: event.currentTarget.value || undefined })}
      />
      <NumberInput
        label="Generation"
        placeholder="any"
        min={0}
        max={65_535}
        allowDecimal={false}
        clampBehavior="strict"
        value={query.generation ?? ""}
        onChange={(typed) => change({ generation: typeof typed === "number" ? typed : undefined })}
      />
      <NativeSelect
        label="Last update"
        data={[{ value: "", label: "any" }, ...STATUSES]}
        value={query.updateStatus ?? ""}
        onChange={(event) => {
          const status = event.currentTarget.value as DeviceConditions["updateStatus"] | "";
          change({ updateStatus: status || undefined });
        }}
      />
      <NativeSelect
        label="Disabled"
        data={[
          { value: "", label: "any" },
          { value: "false", label: "no" },
          { value: "true", label: "yes (all are left out)" },
        ]}
        value={query.isDisabled === undefined ? "" : String(query.isDisabled)}
        onChange={(event) => change({ isDisabled: DISABLED[event.currentTarget.value] })}
      />
    </SimpleGrid>
  );
}

const DISABLED: Readonly<Record<string, boolean>> = { true: true, false: false };
