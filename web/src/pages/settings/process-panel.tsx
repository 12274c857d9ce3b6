import { Badge } from "@mantine/core";
import { Facts } from "../../components/facts.tsx";
import { Panel } from "../../components/panel.tsx";
import { absoluteTime, Time } from "../../components/time.tsx";
import { type SettingsData, useReadiness } from "./settings-queries.ts";

/** The process itself, and whether it can do its work. */
export function ProcessPanel({ settings }: { readonly settings: SettingsData }) {
  const { version, nodeVersion, startedAt, logLevel, metrics } = settings;
  return (
    <Panel title="Join Server">
      <Facts
        facts={[
          ["Health", <Health key="health" />],
          [
            "Running since",
            <span key="since">
              {absoluteTime(startedAt)} (<Time at={startedAt} />)
            </span>,
          ],
          ["Version", `Warren ${version}, Node ${nodeVersion}`],
          ["Log level (log_level)", logLevel],
          ["Metrics (metrics.enabled, metrics.requires_token)", metricsText(metrics)],
        ]}
      />
    </Panel>
  );
}

function Health() {
  const { data, error } = useReadiness();
  if (data === true) return <State color="green" text="ready" />;
  if (data !== undefined) return <State color="red" text={`not ready: ${data}`} />;
  return error === null ? "asking…" : <State color="red" text="does not answer" />;
}

function State({ color, text }: { readonly color: string; readonly text: string }) {
  return (
    <Badge variant="dot" color={color} tt="none">
      {text}
    </Badge>
  );
}

function metricsText({ isEnabled, requiresToken }: SettingsData["metrics"]): string {
  if (!isEnabled) return "off";
  return requiresToken
    ? "at /metrics, with a token that may read reports"
    : "at /metrics, without a token";
}
