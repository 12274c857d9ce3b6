import { Group, Input, NativeSelect, NumberInput } from "@mantine/core";
import { useId, useState } from "react";
import { type DurationUnit, fittingUnit, UNITS_MS } from "./duration.ts";

interface Props {
  readonly label: string;
  readonly description?: string;
  /** Undefined while nothing that is a number is typed. */
  readonly valueMs: number | undefined;
  readonly onChange: (valueMs: number | undefined) => void;
  readonly units?: readonly DurationUnit[];
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
}

/** A time as people say it, a number and a unit; the unit that is chosen stays while the number changes. */
export function DurationInput(props: Props) {
  const { label, description, valueMs, onChange, error, isDisabled = false } = props;
  const { units = ["minutes", "hours", "days"] } = props;
  const [unit, setUnit] = useState(() => fittingUnit(valueMs ?? 0, units));
  const id = useId();
  const shown = valueMs === undefined ? "" : Number((valueMs / UNITS_MS[unit]).toPrecision(6));
  const change = (typed: string | number) =>
    onChange(typeof typed === "number" ? Math.round(typed * UNITS_MS[unit]) : undefined);
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      error={error}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <Group gap="xs" wrap="nowrap" mb={4}>
        <NumberInput
          id={id}
          value={shown}
          onChange={change}
          min={0}
          flex={1}
          miw={80}
          error={error !== undefined}
          disabled={isDisabled}
        />
        <NativeSelect
          aria-label={`Unit of: ${label}`}
          value={unit}
          data={[...units]}
          disabled={isDisabled}
          onChange={(event) => {
            const chosen = event.currentTarget.value as DurationUnit;
            setUnit(chosen);
            if (valueMs === undefined) return;
            onChange(Math.round((valueMs / UNITS_MS[unit]) * UNITS_MS[chosen]));
          }}
        />
      </Group>
    </Input.Wrapper>
  );
}
