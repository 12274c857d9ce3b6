import { Code, Table, Text } from "@mantine/core";
import { Expiry } from "../../components/expiry.tsx";
import { Panel } from "../../components/panel.tsx";
import { ScrollBox } from "../../components/scroll-box.tsx";
import type { SettingsData } from "./settings-queries.ts";

const PURPOSES = {
  backend: "Network and Application Servers",
  admin: "Administration, this console",
} as const;

/** Where the server listens, and until when its certificates hold. */
export function ListenersPanel({ settings }: { readonly settings: SettingsData }) {
  const { listeners, clientCertificateExpiresAt: clientExpiry } = settings;
  return (
    <Panel
      title="Listeners and certificates"
      about="Certificates are read again when their files change, without a restart."
    >
      <ScrollBox label="Table of listeners and certificates">
        <Table aria-label="Listeners and certificates" miw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">For</Table.Th>
              <Table.Th scope="col">Address</Table.Th>
              <Table.Th scope="col">Connections</Table.Th>
              <Table.Th scope="col">Certificate expires</Table.Th>
              <Table.Th scope="col">Members</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {listeners.map(({ name, host, port, hasTls, certificateExpiresAt }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {PURPOSES[name]}
                </Table.Th>
                <Table.Td className="mono">{addressOf(host, port)}</Table.Td>
                <Table.Td>{hasTls ? "TLS" : "plain HTTP"}</Table.Td>
                <Table.Td>
                  {hasTls ? <CertificateExpiry at={certificateExpiresAt} /> : "no certificate"}
                </Table.Td>
                <Table.Td>
                  <Code>[{name}]</Code>
                </Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Th scope="row" fw={400}>
                Messages to peers
              </Table.Th>
              <Table.Td>as in the record of each</Table.Td>
              <Table.Td>
                {clientExpiry === null ? "shows no certificate" : "shows a certificate"}
              </Table.Td>
              <Table.Td>
                {clientExpiry === null ? "no certificate" : <Expiry at={clientExpiry} />}
              </Table.Td>
              <Table.Td>
                <Code>[client_tls]</Code>
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {listeners.some(({ hasTls, host }) => !hasTls && !isLoopback(host)) && (
        <Text size="sm" mt="sm">
          A listener without TLS can be reached from other machines: whoever is on the way can read
          along. Set <Code>tls.cert</Code> and <Code>tls.key</Code> of it, unless a proxy before it
          does TLS.
        </Text>
      )}
    </Panel>
  );
}

function CertificateExpiry({ at }: { readonly at: string | null }) {
  return at === null ? "not known" : <Expiry at={at} />;
}

function addressOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
