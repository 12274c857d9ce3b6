import { Button, Collapse, Stack, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { getDevicesByDevEuiUpdatePolicy } from "../../../api/generated/warren-api.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { Panel } from "../../../components/panel.tsx";
import { absoluteTime } from "../../../components/time.tsx";
import { CostTable } from "../../../update-policy/cost-table.tsx";
import {
  MEMBER_WORDS,
  memberText,
  type PolicyMember,
} from "../../../update-policy/policy-words.ts";
import { useDevicePolicy } from "../use-device.ts";

type DevicePolicy = Awaited<ReturnType<typeof getDevicesByDevEuiUpdatePolicy>>;

const LEVELS: Readonly<Record<DevicePolicy["origins"][string], string>> = {
  device: "this device",
  "device-profile": "its device profile",
  "all-devices": "the policy of all devices",
  default: "the default",
};

/** When the device gets new root keys by itself, which level says so, and what that costs it. */
export function PolicyPanel({ devEui }: { readonly devEui: string }) {
  const query = useDevicePolicy(devEui);
  return (
    <Panel
      title="Update policy"
      about="When the device gets new root keys by itself, and its cost."
    >
      <Loaded query={query} height={240}>
        {(policy) => <PolicyFacts policy={policy} />}
      </Loaded>
    </Panel>
  );
}

function PolicyFacts({ policy }: { readonly policy: DevicePolicy }) {
  const [isCostShown, cost] = useDisclosure(false);
  const { deviceProfile, isProfileKnown, effective, origins, due, notBefore } = policy;
  const members = Object.keys(MEMBER_WORDS) as PolicyMember[];
  return (
    <Stack gap="sm">
      <Text size="sm">
        {due === null ? "No update is due." : `An update is due, because of: ${due}.`}
        {notBefore !== null && ` Policies start none before ${absoluteTime(notBefore)}.`}
      </Text>
      {!isProfileKnown && (
        <Text size="sm" c="orange">
          Its profile “{deviceProfile}” is not on record, so the policy of all devices holds: add
          the profile, or correct the device.
        </Text>
      )}
      <Table fz="sm" verticalSpacing={4} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">What</Table.Th>
            <Table.Th scope="col">Holds</Table.Th>
            <Table.Th scope="col">Said by</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <Table.Tr key={member}>
              <Table.Th scope="row" fw={500} title={MEMBER_WORDS[member].help}>
                {MEMBER_WORDS[member].label}
              </Table.Th>
              <Table.Td>{memberText(member, effective)}</Table.Td>
              <Table.Td>{LEVELS[origins[member] ?? "default"]}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={cost.toggle}
          aria-expanded={isCostShown}
          aria-controls="policy-cost"
        >
          {isCostShown ? "Hide what it costs" : "Show what it costs"}
        </Button>
      </div>
      <Collapse expanded={isCostShown} id="policy-cost">
        <CostTable cost={policy.cost} />
      </Collapse>
    </Stack>
  );
}
