import { Tabs } from "@mantine/core";
import { useSearchParams } from "react-router";
import { Page } from "../../components/page.tsx";
import { PeersTab } from "./peers-tab.tsx";
import { RangesTab } from "./ranges/ranges-tab.tsx";

const TABS = [
  { value: "network-servers", label: "Network Servers" },
  { value: "application-servers", label: "Application Servers" },
  { value: "join-eui-ranges", label: "JoinEUI ranges" },
] as const;

export function PeersPage() {
  const [search, setSearch] = useSearchParams();
  const tab = TABS.find(({ value }) => value === search.get("tab"))?.value ?? "network-servers";
  return (
    <Page
      title="Peers"
      about="The servers that may ask for keys of their devices, and the JoinEUIs that are served. Nobody gets a key before an administrator has said who they are."
    >
      <Tabs
        value={tab}
        onChange={(value) => setSearch({ tab: value ?? "" }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="network-servers">
          <PeersTab kind="network-server" />
        </Tabs.Panel>
        <Tabs.Panel value="application-servers">
          <PeersTab kind="application-server" />
        </Tabs.Panel>
        <Tabs.Panel value="join-eui-ranges">
          <RangesTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
