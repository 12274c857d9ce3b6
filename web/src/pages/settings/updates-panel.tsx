import { Panel } from "../../components/panel.tsx";
import { formatDuration } from "../../quantities/duration.ts";
import { formatCount } from "../../quantities/numbers.ts";
import { SettingTable } from "./setting-table.tsx";
import type { SettingsData } from "./settings-queries.ts";

/** What holds for root key updates of all devices, whatever their policy says. */
export function UpdatesPanel({ updates }: { readonly updates: SettingsData["updates"] }) {
  const starts = updates.policyStartsPerMinute;
  return (
    <Panel title="Root key updates" about="What holds for all devices, whatever their policy says.">
      <SettingTable
        label="Settings of root key updates"
        settings={[
          {
            name: "An update fails when it is not committed after",
            value: seconds(updates.expirySeconds),
            member: "updates.expiry_seconds",
          },
          {
            name: "Least time between attempts of a Network Server",
            value: seconds(updates.attemptPeriodSeconds),
            member: "updates.attempt_period_seconds",
          },
          {
            name: "Least minimum period of a policy",
            value: seconds(updates.shortestPeriodSeconds),
            member: "updates.shortest_period_seconds",
          },
          {
            name: "Policies look for devices every",
            value: seconds(updates.policySweepSeconds),
            member: "updates.policy_sweep_seconds",
          },
          {
            name: "Updates that policies start in a minute",
            value: starts === 0 ? "none" : formatCount(starts),
            member: "updates.policy_starts_per_minute",
          },
          {
            name: "Suite 0 (rabbit-split), for research only",
            value: updates.allowsRabbitSplit ? "offered" : "off",
            member: "updates.allow_rabbit_split",
          },
        ]}
      />
    </Panel>
  );
}

function seconds(count: number): string {
  return count === 0 ? "no time" : formatDuration(count * 1000);
}
