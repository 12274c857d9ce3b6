import type {
  PolicyCostView,
  PolicyView,
} from "../../../server/join-server/policies/policy-schemas.ts";
import { type Column, formatMembers, formatTable } from "../../api-client/print.ts";
import { formatDuration } from "../../durations.ts";

type Effective = PolicyView["effective"];
type CostRow = PolicyCostView["dataRates"][number];

const COLUMNS: readonly Column<CostRow>[] = [
  { heading: "Data rate", text: ({ name }) => name },
  { heading: "mJ/update", text: ({ perUpdate }) => rounded(perUpdate.energyMj) },
  { heading: "Air/update", text: ({ perUpdate }) => airtime(perUpdate) },
  {
    heading: "Frames/year",
    text: ({ perYear }) => `${rounded(perYear.uplinks)} up, ${rounded(perYear.downlinks)} down`,
  },
  { heading: "Air/year", text: ({ perYear }) => airtime(perYear) },
  { heading: "J/year", text: ({ perYear }) => rounded(perYear.energyMj / 1_000) },
  { heading: "Battery/year", text: ({ perYear }) => percent(perYear.batteryShare) },
  { heading: "Of 1 % duty", text: ({ perYear }) => percent(perYear.dutyCycleShare) },
];

/** What holds, and where it comes from. */
export function formatPolicy(
  effective: Effective,
  origins: Readonly<Record<string, string>> = {},
): string {
  const { maxAgeMs, maxSessions, maxFrames, triggers, minimumPeriodMs, isHealing } = effective;
  const from = (name: keyof Effective, text: string) =>
    origins[name] === undefined ? text : `${text.padEnd(24)} (${origins[name]})`;
  return formatMembers({
    "Maximum age": from("maxAgeMs", maxAgeMs === null ? "none" : formatDuration(maxAgeMs)),
    "Maximum sessions": from("maxSessions", `${maxSessions ?? "none"}`),
    "Maximum frames": from("maxFrames", `${maxFrames ?? "none"}`),
    Triggers: from("triggers", triggers.join(", ") || "none"),
    "Minimum period": from(
      "minimumPeriodMs",
      minimumPeriodMs === 0 ? "none" : formatDuration(minimumPeriodMs),
    ),
    Healing: from("isHealing", isHealing ? "yes" : "no"),
  });
}

/** The cost for one device: a line, and a table when it has any. */
export function formatCost({ updatesPerYear, dataRates }: PolicyCostView): string {
  const first =
    updatesPerYear === 0
      ? "No update that can be foreseen. One of them costs a device:"
      : `${rounded(updatesPerYear)} updates a year. They cost a device:`;
  return `${first}\n\n${formatTable(updatesPerYear === 0 ? COLUMNS.slice(0, 3) : COLUMNS, dataRates)}`;
}

function airtime({ uplinkAirtimeMs, downlinkAirtimeMs }: CostRow["perUpdate"]): string {
  return `${rounded((uplinkAirtimeMs + downlinkAirtimeMs) / 1_000)} s`;
}

function percent(share: number): string {
  return `${rounded(share * 100)} %`;
}

/** Three digits that count. */
function rounded(value: number): string {
  return value === 0 ? "0" : `${Number(value.toPrecision(3))}`;
}
