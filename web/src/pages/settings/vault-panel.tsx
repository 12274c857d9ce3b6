import { Alert, Badge, Code, Stack, Table, Text } from "@mantine/core";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Panel } from "../../components/panel.tsx";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { absoluteTime } from "../../components/time.tsx";
import { type SettingsData, useVault, type VaultData } from "./settings-queries.ts";

const KINDS = { file: "a key file", pkcs11: "a PKCS#11 token" } as const;

/** What the secrets of the database are sealed under: versions of keys, never a key. */
export function VaultPanel({ settings }: { readonly settings: SettingsData }) {
  const vault = useVault();
  const { kind, isUnlocked, sealingVersion } = settings.vault;
  return (
    <Panel
      title="Vault"
      about="Root keys and other secrets stand in the database sealed under a data key; that is wrapped under a master key."
    >
      <Stack gap="md">
        {!isUnlocked && <Locked />}
        <Facts
          facts={[
            ["State", isUnlocked ? "open: secrets can be sealed and read" : "cannot be used"],
            ["Master keys (vault.kind)", `in ${KINDS[kind]}`],
            ["Seals under version", sealingVersion],
          ]}
        />
        <Loaded query={vault} height={120}>
          {(data) => <DataKeys vault={data} />}
        </Loaded>
      </Stack>
    </Panel>
  );
}

function Locked() {
  return (
    <Alert color="red" title="Secrets cannot be read" role="alert">
      A value that was sealed just now could not be opened again. Look at the log of the Join Server
      for vault-unavailable or vault-key-unknown, and run <Code>warren vault status</Code>.
    </Alert>
  );
}

function DataKeys({ vault }: { readonly vault: VaultData }) {
  const { dataKeys } = vault;
  const newest = Math.max(...dataKeys.map(({ version }) => version));
  return (
    <Stack gap="sm">
      <ScrollBox label="Table of data keys">
        <Table aria-label="Data keys" miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Version</Table.Th>
              <Table.Th scope="col">Made</Table.Th>
              <Table.Th scope="col">Master key in</Table.Th>
              <Table.Th scope="col">Use</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {dataKeys.map(({ version, vault: kind, createdAt }) => (
              <Table.Tr key={version}>
                <Table.Th scope="row">{version}</Table.Th>
                <Table.Td>{absoluteTime(createdAt)}</Table.Td>
                <Table.Td>{kind in KINDS ? KINDS[kind as keyof typeof KINDS] : kind}</Table.Td>
                <Table.Td miw={200}>
                  <Badge variant="dot" tt="none" color={version === newest ? "green" : "orange"}>
                    {version === newest ? "seals new values" : "opens what is left under it"}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {dataKeys.length > 1 ? <RotationUnderWay /> : <HowToRotate />}
    </Stack>
  );
}

function RotationUnderWay() {
  return (
    <Alert color="orange" title="A rotation of the keys is not at its end">
      If nobody is running it, go on with <Code>warren vault rotate</Code> on the machine of the
      Join Server; <Code>warren vault status</Code> says how much is left. Nothing is lost
      meanwhile.
    </Alert>
  );
}

function HowToRotate() {
  return (
    <Text size="sm">
      <Code>warren vault rotate</Code> makes new keys, seals everything anew and destroys those
      before; do it after somebody who could read the master keys has left. Then copy the new master
      keys to their safe place: without them the database is worthless.
    </Text>
  );
}
