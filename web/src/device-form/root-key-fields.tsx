import { PasswordInput, Stack, Text } from "@mantine/core";

/** As typed: hex, or nothing yet. */
export interface TypedRootKeys {
  readonly nwkKey: string;
  readonly appKey: string;
}

export const NO_ROOT_KEYS: TypedRootKeys = { nwkKey: "", appKey: "" };

interface Props {
  readonly macVersion: string;
  readonly keys: TypedRootKeys;
  readonly onChange: (keys: TypedRootKeys) => void;
}

/** Root keys on their way to the server, under the names that the LoRaWAN version has for them. */
export function RootKeyFields({ macVersion, keys, onChange }: Props) {
  const is11 = macVersion.startsWith("1.1");
  return (
    <Stack gap="xs">
      <KeyField
        label={is11 ? "NwkKey" : "AppKey"}
        value={keys.nwkKey}
        onChange={(nwkKey) => onChange({ ...keys, nwkKey })}
        isRequired
      />
      <KeyField
        label={is11 ? "AppKey" : "GenAppKey, if it has one"}
        value={keys.appKey}
        onChange={(appKey) => onChange({ ...keys, appKey })}
        isRequired={is11}
      />
      <Text size="xs" c="dimmed">
        Keys go to the server and are not shown again: the console has their fingerprints only.
      </Text>
    </Stack>
  );
}

/** Whether the keys can be sent. */
export function areRootKeysComplete(
  macVersion: string,
  { nwkKey, appKey }: TypedRootKeys,
): boolean {
  const isAppKeyNeeded = macVersion.startsWith("1.1");
  return isKey(nwkKey) && (isKey(appKey) || (!isAppKeyNeeded && appKey.trim() === ""));
}

/** As the API takes them. */
export function rootKeysOf({ nwkKey, appKey }: TypedRootKeys): { nwkKey: string; appKey?: string } {
  const given = appKey.replaceAll(/\s/g, "");
  return {
    nwkKey: nwkKey.replaceAll(/\s/g, ""),
    ...(given !== "" && { appKey: given }),
  };
}

function isKey(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text.replaceAll(/\s/g, ""));
}

interface KeyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isRequired: boolean;
}

function KeyField({ label, value, onChange, isRequired }: KeyFieldProps) {
  const isWrong = value.trim() !== "" && !isKey(value);
  return (
    <PasswordInput
      label={label}
      placeholder="32 hex digits"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isWrong ? "32 hex digits, most significant byte first" : undefined}
      required={isRequired}
      classNames={{ innerInput: "mono" }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
