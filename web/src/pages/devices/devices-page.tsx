import { Button, Group, Loader, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { getOverview } from "../../api/generated/warren-api.ts";
import { useRights } from "../../api/use-rights.ts";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { Page } from "../../components/page.tsx";
import { countOf, formatCount } from "../../quantities/numbers.ts";
import { AddDeviceModal } from "./add-device/add-device-modal.tsx";
import { type DeviceFilters, queryOf } from "./filters/device-filters.ts";
import { FilterBar } from "./filters/filter-bar.tsx";
import { useFilters } from "./filters/use-filters.ts";
import { DeviceTable } from "./list/device-table.tsx";
import { useSelection } from "./list/selection.ts";
import { type DeviceListState, useDeviceList } from "./list/use-device-list.ts";
import { NoDevices } from "./no-devices.tsx";
import { SelectionBar } from "./selection-bar.tsx";

/** Every device of the Join Server. */
export function DevicesPage() {
  const mayDo = useRights();
  const { filters, change } = useFilters();
  const name = JSON.stringify(queryOf(filters));
  const [isAdding, { open, close }] = useDisclosure(false);
  return (
    <Page
      title="Devices"
      about="The end-devices whose root keys this Join Server has. Choose one to see its keys' life."
      actions={
        mayDo("device:write") && (
          <>
            <Button variant="default" component={Link} to="/import">
              Import a file
            </Button>
            <Button onClick={open}>Add a device</Button>
          </>
        )
      }
    >
      <FilterBar filters={filters} onChange={change} />
      {/* A search of its own each: what was chosen in another is forgotten, and its place is another. */}
      <FoundDevices
        key={name}
        name={name}
        filters={filters}
        mayChoose={mayDo("campaign:run")}
        onChange={change}
      />
      <AddDeviceModal isOpen={isAdding} onClose={close} />
    </Page>
  );
}

interface FoundProps {
  readonly name: string;
  readonly filters: DeviceFilters;
  readonly mayChoose: boolean;
  readonly onChange: (changes: DeviceFilters) => void;
}

function FoundDevices({ name, filters, mayChoose, onChange }: FoundProps) {
  const state = useDeviceList(filters);
  const selection = useSelection(state.list?.rows ?? []);
  const total = useTotal(Object.keys(filters).length === 0 && state.list?.next !== null);
  const isEmpty = state.list?.next === null && state.list.rows.length === 0;
  return (
    <>
      <Group gap="xs" my="xs" mih={24}>
        <Text size="sm" c="dimmed" role="status">
          {countText(state, total)}
        </Text>
        {state.isLoading && <Loader size="xs" role="img" aria-label="Loading devices" />}
      </Group>
      {state.error !== null && <ErrorPanel error={state.error} onRetry={state.retry} />}
      <SelectionBar selection={selection} filters={filters} />
      {isEmpty ? (
        <NoDevices filters={filters} onChange={onChange} />
      ) : (
        <DeviceTable state={state} selection={mayChoose ? selection : undefined} name={name} />
      )}
      <Text size="xs" c="dimmed" mt={4} visibleFrom="sm">
        Arrow keys go from row to row, Enter opens a device
        {mayChoose && ", Space chooses it for a campaign"}.
      </Text>
    </>
  );
}

/** Of all devices, where that is asked for and known. */
function useTotal(isWanted: boolean): number | undefined {
  const { data } = useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => getOverview({ signal }),
    enabled: isWanted,
  });
  return isWanted ? data?.devices.total : undefined;
}

/** How many there are, as far as that is known. */
function countText({ list }: DeviceListState, total: number | undefined): string {
  if (list === undefined) return "Looking for devices";
  if (list.next === null) return countOf(list.rows.length, "device");
  const count = formatCount(list.rows.length);
  return total === undefined
    ? `The first ${count} are here; more follow as you scroll`
    : `${count} of ${formatCount(total)} devices are here; more follow as you scroll`;
}
