import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import type { Static } from "typebox";
import type { DeviceFormat } from "../../../device-files/formats.ts";
import type { WeakKeyReportView } from "../../../server/join-server/admin/schemas/other-schemas.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { type ApiOptions, addApiOptions } from "../../api-client/api-options.ts";
import { type Column, formatTable, print } from "../../api-client/print.ts";
import { usageError } from "../../connections/secret-options.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "../command-group.ts";
import { exportDevices } from "../export/export.ts";
import {
  addRecipientOptions,
  formatOption,
  type RecipientOptions,
  recipientOf,
} from "../export/export-options.ts";
import { showProgress, silentProgress } from "../import/progress.ts";

type Report = Static<typeof WeakKeyReportView>;
type Finding = Report["findings"][number];

const POLL_MS = 500;
const PAGE = 1_000;
const SHOWN = 50;

const COLUMNS: readonly Column<Finding>[] = [
  { heading: "DevEUI", text: ({ devEui }) => devEui },
  { heading: "Key", text: ({ key }) => key },
  { heading: "Weakness", text: ({ weakness }) => weakness },
  { heading: "Shared by group", text: ({ group }) => group },
];

/** `warren keys`: root keys of all devices. */
export function keysCommand(): Command {
  return commandGroup("keys", "Root keys of the devices of a Join Server.", [
    checkCommand(),
    exportKeysCommand(),
  ]);
}

function checkCommand(): Command {
  const command = new Command("check").description(
    "Looks for weak root keys: patterns, published ones, made of an EUI, or the same for several devices. " +
      "Keys do not leave the server. Exit status 1 when there is one.",
  );
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions) => {
      const report = await runReport(api, json);
      const findings = await findingsOf(api);
      print(json, { ...report, findings }, () => textOf(report, findings));
      if (report.status === "failed" || findings.length > 0) process.exitCode = 1;
    }),
  );
}

async function runReport(api: ApiClient, isQuiet: boolean): Promise<Report> {
  let report = await api.call<Report>("POST", "/reports/weak-keys");
  const progress = isQuiet ? silentProgress : showProgress("looking at keys", 100);
  while (report.status === "running") {
    await sleep(POLL_MS);
    report = await api.get<Report>("/reports/weak-keys");
    progress.update(Math.floor(100 * report.progress));
  }
  progress.stop();
  return report;
}

async function findingsOf(api: ApiClient): Promise<Finding[]> {
  const findings: Finding[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page: Report = await api.get<Report>("/reports/weak-keys", { limit: PAGE, after });
    findings.push(...page.findings);
    after = page.next;
  }
  return findings;
}

function textOf({ status, counts }: Report, findings: readonly Finding[]): string {
  if (status === "failed") return "the report failed; see the log of the Join Server";
  if (findings.length === 0) return "no weak root keys";
  const found = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([weakness, count]) => `${weakness}: ${count}`);
  const hidden = findings.length - SHOWN;
  return [
    formatTable(COLUMNS, findings.slice(0, SHOWN)),
    ...(hidden > 0 ? [`… and ${hidden} more (--json shows all)`] : []),
    found.join(", "),
  ].join("\n");
}

interface ExportKeysOptions extends ApiOptions, RecipientOptions {
  readonly format: DeviceFormat;
  readonly out?: string;
}

function exportKeysCommand(): Command {
  const command = new Command("export")
    .description(
      "Exports devices with their root keys, as `warren export` does, and never without.",
    )
    .addOption(formatOption())
    .option("--out <file>", "write to a file for its owner only, in place of standard output");
  return addApiOptions(addRecipientOptions(command).optionsGroup("The Join Server:")).action(
    (options: ExportKeysOptions) => {
      const recipient = recipientOf(options);
      if (recipient === undefined) {
        usageError(command, "say for whom: --public-key-file, or --kek-file and --kek-label");
      }
      return exportDevices(options, recipient);
    },
  );
}
