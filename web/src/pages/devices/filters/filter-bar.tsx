import { Button, Collapse, Group, NativeSelect } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import {
  type DeviceFilters,
  FILTER_NAMES,
  type FilterName,
  MAC_VERSIONS,
  UPDATE_STATUSES,
} from "./device-filters.ts";
import { FilterField } from "./filter-field.tsx";

interface Props {
  readonly filters: DeviceFilters;
  readonly onChange: (changes: DeviceFilters) => void;
}

const ANY = { value: "", label: "any" };
/** Shown on demand; on a phone also the other lists. */
const SELDOM: readonly FilterName[] = ["joinEui", "homeNetId", "asId", "deviceProfile"];

/** What is searched for. */
export function FilterBar({ filters, onChange }: Props) {
  const [isOpen, { toggle }] = useDisclosure(SELDOM.some((name) => name in filters));
  const isPhone = useMediaQuery("(max-width: 48em)") ?? false;
  const change = (name: FilterName, text: string) => onChange({ [name]: text });
  const field = (name: FilterName) => ({ name, value: filters[name], onChange: change });
  const clear = () => onChange(Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])));
  const often = <OftenFilters field={field} />;
  return (
    <search aria-label="Devices">
      <Group align="flex-start" gap="xs">
        <FilterField {...field("text")} label="Name, description or tag" grow={2} />
        <FilterField
          {...field("devEuiPrefix")}
          label="DevEUI begins with"
          placeholder="70b3d5"
          isMono
        />
        {!isPhone && often}
      </Group>
      <Collapse expanded={isOpen} id="more-filters">
        <Group align="flex-start" gap="xs" mt="xs">
          {isPhone && often}
          <FilterField {...field("joinEui")} label="JoinEUI" isMono />
          <FilterField {...field("homeNetId")} label="Home NetID" isMono />
          <FilterField {...field("asId")} label="AS-ID" />
          <FilterField {...field("deviceProfile")} label="Device profile" />
        </Group>
      </Collapse>
      <Group gap="xs" mt={6}>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={isOpen}
          aria-controls="more-filters"
          onClick={toggle}
        >
          {isOpen ? "Fewer filters" : "More filters"}
        </Button>
        {Object.keys(filters).length > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={clear}>
            Clear the filters
          </Button>
        )}
      </Group>
    </search>
  );
}

interface FieldProps {
  readonly name: FilterName;
  readonly value: string | undefined;
  readonly onChange: (name: FilterName, text: string) => void;
}

function OftenFilters({ field }: { readonly field: (name: FilterName) => FieldProps }) {
  return (
    <>
      <Choice {...field("macVersion")} label="LoRaWAN" data={MAC_VERSIONS} />
      <FilterField {...field("generation")} label="Generation" placeholder="any" isMono />
      <Choice {...field("updateStatus")} label="Last update" data={UPDATE_STATUSES} />
      <Choice
        {...field("isDisabled")}
        label="State"
        data={[
          { value: "false", label: "enabled" },
          { value: "true", label: "disabled" },
        ]}
      />
    </>
  );
}

interface ChoiceProps extends FieldProps {
  readonly label: string;
  readonly data: readonly (string | { readonly value: string; readonly label: string })[];
}

function Choice({ name, label, value = "", data, onChange }: ChoiceProps) {
  return (
    <NativeSelect
      label={label}
      value={value}
      data={[ANY, ...data]}
      onChange={(event) => onChange(name, event.currentTarget.value)}
      miw={110}
    />
  );
}
