import { Command } from "commander";
import type {
  CampaignView,
  CampaignWithProgressView,
  MemberView,
} from "../../server/join-server/campaigns/campaign-schemas.ts";
import { listItems } from "../api-client/list-pages.ts";
import { print } from "../api-client/print.ts";
import { wholeNumber } from "../options.ts";
import { formatCampaign, formatCampaignTable, formatFailures } from "./campaign/campaign-text.ts";
import { createCommand } from "./campaign/create-command.ts";
import { watchCommand } from "./campaign/watch-command.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "./command-group.ts";

/** `warren campaign`: new root keys for many devices. */
export function campaignCommand(): Command {
  return commandGroup("campaign", "Campaigns: new root keys for many devices, at a rate.", [
    createCommand(),
    listCommand(),
    showCommand(),
    watchCommand(),
    orderCommand("pause", "Starts no more updates; those under way go on."),
    orderCommand(
      "resume",
      "Lets a campaign go on. Its failures so far are taken as seen: they do not pause it again.",
    ),
    abortCommand(),
    failuresCommand(),
    deleteCommand(),
  ]);
}

interface ListOptions extends ClientOptions {
  readonly limit: number;
}

function listCommand(): Command {
  const command = new Command("list")
    .description("Lists campaigns, newest first.")
    .option("--limit <n>", "how many at most", wholeNumber(1, 1_000_000), 100);
  return addClientOptions(command).action(
    withApi(async (api, { json, limit }: ListOptions) => {
      const campaigns = await listItems<CampaignView>(api, "/campaigns", "campaigns", { limit });
      print(json, campaigns, () => formatCampaignTable(campaigns));
    }),
  );
}

function showCommand(): Command {
  return addClientOptions(oneCampaign("show", "Shows a campaign and how far it is.")).action(
    withApi(async (api, { json }: ClientOptions, id: string) => {
      const campaign = await api.get<CampaignWithProgressView>(pathOf(id));
      print(json, campaign, () => formatCampaign(campaign));
    }),
  );
}

function orderCommand(verb: "pause" | "resume", description: string): Command {
  return addClientOptions(oneCampaign(verb, description)).action(
    withApi(async (api, { json }: ClientOptions, id: string) => {
      const path = `${pathOf(id)}/${verb}`;
      const campaign = await api.call<CampaignWithProgressView>("POST", path);
      print(json, campaign, () => formatCampaign(campaign));
    }),
  );
}

interface AbortOptions extends ClientOptions {
  readonly abortUpdates: boolean;
}

function abortCommand(): Command {
  const command = oneCampaign(
    "abort",
    "Ends a campaign for ever. Updates under way come to their own end.",
  ).option("--abort-updates", "end the updates under way too", false);
  return addClientOptions(command).action(
    withApi(async (api, { json, abortUpdates }: AbortOptions, id: string) => {
      const body = { abortsUpdates: abortUpdates };
      const path = `${pathOf(id)}/abort`;
      const campaign = await api.call<CampaignWithProgressView>("POST", path, { body });
      print(json, campaign, () => formatCampaign(campaign));
    }),
  );
}

interface FailuresOptions extends ClientOptions {
  readonly limit: number;
}

function failuresCommand(): Command {
  const command = oneCampaign(
    "failures",
    "Lists the devices that a campaign has not updated: why, and what to do.",
  ).option("--limit <n>", "how many at most of each kind", wholeNumber(1, 1_000_000), 10_000);
  return addClientOptions(command).action(
    withApi(async (api, { json, limit }: FailuresOptions, id: string) => {
      const path = `${pathOf(id)}/devices`;
      const members: MemberView[] = [];
      for (const state of ["failed", "skipped"]) {
        const query = { state };
        members.push(...(await listItems<MemberView>(api, path, "devices", { query, limit })));
      }
      print(json, members, () => formatFailures(members));
    }),
  );
}

function deleteCommand(): Command {
  const command = oneCampaign("delete", "Forgets a campaign that has ended, with its report.");
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, id: string) => {
      await api.call("DELETE", pathOf(id));
      print(json, { id }, () => `campaign ${id} is deleted`);
    }),
  );
}

function oneCampaign(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<id>", "the campaign, as `warren campaign list` shows it");
}

function pathOf(id: string): string {
  return `/campaigns/${encodeURIComponent(id)}`;
}
