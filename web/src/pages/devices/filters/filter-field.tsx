import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { type FilterName, filterMistake } from "./device-filters.ts";

/** Typing that rests for this long is searched for. */
const REST_MS = 300;

interface Props {
  readonly name: FilterName;
  readonly label: string;
  readonly placeholder?: string;
  /** As the address has it. */
  readonly value: string | undefined;
  readonly onChange: (name: FilterName, text: string) => void;
  readonly isMono?: boolean;
  readonly grow?: number;
}

/** A filter that is typed. */
export function FilterField(props: Props) {
  const { name, label, placeholder, value = "", onChange, isMono = false, grow = 1 } = props;
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback((text: string) => onChange(name, text), REST_MS);
  // The address may change without the field, as when all filters are taken away.
  useEffect(() => setTyped(value), [value]);
  const type = (text: string) => {
    setTyped(text);
    tell(text);
  };
  const mistake = typed.trim() === "" ? undefined : filterMistake(name, typed.trim());
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      error={mistake}
      classNames={isMono ? { input: "mono" } : undefined}
      flex={grow}
      miw={150}
      spellCheck={false}
      autoComplete="off"
      rightSection={
        typed !== "" && (
          <CloseButton size="sm" aria-label={`Clear ${label}`} onClick={() => type("")} />
        )
      }
    />
  );
}
