import { Panel } from "../../components/panel.tsx";
import { formatCount } from "../../quantities/numbers.ts";
import { SettingTable } from "./setting-table.tsx";
import type { SettingsData } from "./settings-queries.ts";

type Limits = SettingsData["limits"];

/** What is refused before the database is asked. */
export function LimitsPanel({ limits }: { readonly limits: Limits }) {
  return (
    <Panel title="Limits" about="What is over them is refused before anything else is done.">
      <SettingTable
        label="Limits"
        settings={[
          {
            name: "Largest request of a peer",
            value: `${formatCount(limits.bodyBytes / 1024)} KiB`,
            member: "limits.body_bytes",
          },
          { name: "Requests of a peer", value: rate(limits.peer), member: "limits.peer" },
          { name: "Requests for one device", value: rate(limits.device), member: "limits.device" },
        ]}
      />
    </Panel>
  );
}

function rate(limit: Limits["peer"]): string {
  if (limit === null) return "no limit";
  return `${formatCount(limit.perSecond)} a second, ${formatCount(limit.burst)} at once`;
}
