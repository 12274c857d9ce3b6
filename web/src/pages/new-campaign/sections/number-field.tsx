import { NumberInput } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly help: string;
  /** What holds while it is empty. */
  readonly defaultText: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly min: number;
  readonly max: number;
  readonly suffix?: string;
  readonly isDecimal?: boolean;
}

/** A number that may be left to its default, which is told. */
export function NumberField(props: Props) {
  const { label, help, defaultText, value, onChange, min, max, suffix, isDecimal = false } = props;
  return (
    <NumberInput
      label={label}
      inputWrapperOrder={["label", "input", "description", "error"]}
      description={`${help} Default: ${defaultText}.`}
      placeholder={defaultText}
      value={value ?? ""}
      onChange={(typed) => onChange(typeof typed === "number" ? typed : undefined)}
      min={min}
      max={max}
      suffix={suffix}
      allowDecimal={isDecimal}
      clampBehavior="strict"
      thousandSeparator=","
    />
  );
}
