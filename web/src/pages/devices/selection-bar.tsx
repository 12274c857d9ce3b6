import { Button, Group, Paper, Text } from "@mantine/core";
import { useNavigate } from "react-router";
import { countOf } from "../../quantities/numbers.ts";
import { type DeviceFilters, queryOf } from "./filters/device-filters.ts";
import type { Selection } from "./list/selection.ts";

interface Props {
  readonly selection: Selection;
  readonly filters: DeviceFilters;
}

/** What can be done with the devices that are chosen; nothing while none is. */
export function SelectionBar({ selection, filters }: Props) {
  const navigate = useNavigate();
  const { devEuis, isAllMatching, clear } = selection;
  if (devEuis.size === 0 && !isAllMatching) return null;
  const state = isAllMatching ? { query: queryOf(filters) } : { devEuis: [...devEuis] };
  return (
    <Paper withBorder px="sm" py={6} mb="xs" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{describe(selection, filters)}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={clear}>
            Choose none
          </Button>
          <Button size="xs" onClick={() => void navigate("/campaigns/new", { state })}>
            New campaign with these
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

function describe({ devEuis, isAllMatching }: Selection, filters: DeviceFilters): string {
  if (!isAllMatching) return `${countOf(devEuis.size, "device")} chosen`;
  return Object.keys(filters).length === 0
    ? "All devices are chosen"
    : "All devices that match the filters are chosen, also those further down";
}
