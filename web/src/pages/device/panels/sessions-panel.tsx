import { Badge, Table, Text } from "@mantine/core";
import type { Device } from "../../../api/generated/warren-api.ts";
import { Panel } from "../../../components/panel.tsx";
import { ScrollBox } from "../../../components/scroll-box.tsx";
import { Time } from "../../../components/time.tsx";

/** The sessions on record, with fingerprints of their keys. */
export function SessionsPanel({ device: { sessions, macVersion } }: { readonly device: Device }) {
  const is11 = macVersion.startsWith("1.1");
  return (
    <Panel
      title="Sessions"
      about="Newest first. Eight digits are a fingerprint: they tell keys apart and say nothing else."
    >
      {sessions.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: the device has not joined yet, or its root keys were replaced since.
        </Text>
      ) : (
        <ScrollBox label="Table of sessions">
          <Table fz="sm" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Joined</Table.Th>
                <Table.Th scope="col">JoinNonce</Table.Th>
                <Table.Th scope="col">{is11 ? "FNwkSIntKey" : "NwkSKey"}</Table.Th>
                {is11 && <Table.Th scope="col">SNwkSIntKey</Table.Th>}
                {is11 && <Table.Th scope="col">NwkSEncKey</Table.Th>}
                <Table.Th scope="col">AppSKey</Table.Th>
                <Table.Th scope="col">State</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.map((session) => (
                <Table.Tr key={session.sessionKeyId}>
                  <Table.Td>
                    <Time at={session.createdAt} />
                  </Table.Td>
                  <Table.Td>{session.joinNonce}</Table.Td>
                  <Table.Td className="mono">{session.fNwkSIntKey}</Table.Td>
                  {is11 && <Table.Td className="mono">{session.sNwkSIntKey}</Table.Td>}
                  {is11 && <Table.Td className="mono">{session.nwkSEncKey}</Table.Td>}
                  <Table.Td className="mono">{session.appSKey}</Table.Td>
                  <Table.Td>
                    <ProvenBadge isProvenInUse={session.isProvenInUse} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollBox>
      )}
    </Panel>
  );
}

function ProvenBadge({ isProvenInUse }: { readonly isProvenInUse: boolean }) {
  return isProvenInUse ? (
    <Badge variant="dot" color="teal" tt="none" title="A frame of the device has shown it">
      in use
    </Badge>
  ) : (
    <Badge variant="dot" color="gray" tt="none" title="No frame has shown yet that it has it">
      issued
    </Badge>
  );
}
