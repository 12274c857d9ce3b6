import { Panel } from "../../components/panel.tsx";
import { formatCount } from "../../quantities/numbers.ts";
import { SettingTable } from "./setting-table.tsx";
import type { SettingsData } from "./settings-queries.ts";

/** Which database it is; where it stands and its password are nobody's business here. */
export function DatabasePanel({ settings }: { readonly settings: SettingsData }) {
  const { kind, file, cachedDevices } = settings.database;
  const rows = [
    { name: "Kind", value: kind === "sqlite" ? "SQLite" : "PostgreSQL", member: "storage.kind" },
    {
      name: "Devices kept in memory",
      value: formatCount(cachedDevices),
      member: "storage.cached_devices",
    },
  ];
  if (file !== null) rows.splice(1, 0, { name: "File", value: file, member: "storage.path" });
  return (
    <Panel title="Database" about="Back it up with warren backup, apart from its master keys.">
      <SettingTable label="Settings of the database" settings={rows} />
    </Panel>
  );
}
