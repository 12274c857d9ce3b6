import { Anchor, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { ServerEvent } from "../../api/events.ts";
import { type Device, getDevices } from "../../api/generated/warren-api.ts";
import { useLiveQuery } from "../../api/live-queries.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Panel } from "../../components/panel.tsx";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { Time } from "../../components/time.tsx";
import { UpdateStatus } from "../../components/update-status.tsx";
import { formatCount } from "../../quantities/numbers.ts";
import { countOfStatus, UNDER_WAY } from "./device-statuses.ts";
import type { OverviewData } from "./overview-queries.ts";

const SHOWN_OF_EACH = 5;
const KEY = ["devices", "updates-under-way"] as const;
const concerns = ({ kind }: ServerEvent) => kind.startsWith("update-");

/** The devices whose root keys are being changed at this moment, some of each status. */
export function UpdatesUnderWay({ overview }: { readonly overview: OverviewData }) {
  const { devices, updates } = overview;
  useLiveQuery(KEY, concerns);
  const query = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        UNDER_WAY.map((updateStatus) =>
          getDevices({ updateStatus, limit: SHOWN_OF_EACH }, { signal }),
        ),
      );
      return pages.flatMap((page) => page.devices);
    },
    refetchInterval: updates.underWay > 0 ? 10_000 : false,
  });
  return (
    <Panel
      id="updates-under-way"
      title="Updates under way"
      about="Both sides keep the old root keys until a device has joined with the new ones."
    >
      <Loaded query={query} height={60}>
        {(shown) => <Shown devices={shown} />}
      </Loaded>
      <Rest devices={devices} />
    </Panel>
  );
}

function Shown({ devices }: { readonly devices: readonly Device[] }) {
  if (devices.length === 0) return <Text size="sm">None at the moment.</Text>;
  return (
    <ScrollBox label="Table of updates under way">
      <Table miw={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">DevEUI</Table.Th>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Status</Table.Th>
            <Table.Th scope="col">From generation</Table.Th>
            <Table.Th scope="col">Started</Table.Th>
            <Table.Th scope="col">By</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {devices.map(({ devEui, name, generation, update }) => (
            <Table.Tr key={devEui}>
              <Table.Th scope="row" fw={400}>
                <Anchor component={Link} to={`/devices/${devEui}`} size="sm" className="mono">
                  {devEui}
                </Anchor>
              </Table.Th>
              <Table.Td>{name}</Table.Td>
              <Table.Td>
                <UpdateStatus status={update?.status ?? null} />
              </Table.Td>
              <Table.Td>{generation}</Table.Td>
              <Table.Td>
                <Time at={update?.startedAt} never="not known" />
              </Table.Td>
              <Table.Td>{update?.requestedBy ?? "not known"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}

/** Links to those that were left out. */
function Rest({ devices }: { readonly devices: OverviewData["devices"] }) {
  const more = UNDER_WAY.map((status) => ({
    status,
    count: countOfStatus(devices, status),
  })).filter(({ count }) => count > SHOWN_OF_EACH);
  if (more.length === 0) return null;
  return (
    <Text size="sm" mt="sm">
      All of them:{" "}
      {more.map(({ status, count }, index) => (
        <span key={status}>
          {index > 0 && ", "}
          <Anchor
            component={Link}
            to={`/devices?updateStatus=${status}`}
            size="sm"
            underline="always"
          >
            {formatCount(count)} {status}
          </Anchor>
        </span>
      ))}
    </Text>
  );
}
