import { Anchor, Button, Paper, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import { useRights } from "../../api/use-rights.ts";
import { type DeviceFilters, FILTER_NAMES } from "./filters/device-filters.ts";

interface Props {
  readonly filters: DeviceFilters;
  readonly onChange: (changes: DeviceFilters) => void;
}

/** In place of an empty list: what to do to see devices. */
export function NoDevices({ filters, onChange }: Props) {
  const mayAdd = useRights()("device:write");
  const isSearch = Object.keys(filters).length > 0;
  const { text } = filters;
  const none = Object.fromEntries(FILTER_NAMES.map((name) => [name, ""]));
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="sm">
        <Text fw={600}>{isSearch ? "No device matches" : "There is no device yet"}</Text>
        {isSearch && <Button onClick={() => onChange(none)}>Clear the filters</Button>}
        {text !== undefined && /^[0-9a-f]{2,16}$/i.test(text) && (
          <Button variant="default" onClick={() => onChange({ text: "", devEuiPrefix: text })}>
            Look for a DevEUI that begins with {text}
          </Button>
        )}
        {!isSearch && mayAdd && (
          <Text size="sm">
            Add one with the button above, or{" "}
            <Anchor component={Link} to="/import" size="sm">
              import the file of another Join Server
            </Anchor>
            .
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
