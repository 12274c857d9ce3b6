import { Command } from "commander";
import { systemRandomBytes } from "../../../crypto/random.ts";
import { WarrenError } from "../../../errors.ts";
import { formatHex } from "../../../lorawan/hex.ts";
import type {
  CampaignView,
  PreviewView,
} from "../../../server/join-server/campaigns/campaign-schemas.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { print } from "../../api-client/print.ts";
import { addClientOptions, type ClientOptions, withApi } from "../command-group.ts";
import { confirm } from "../confirm.ts";
import { addCampaignOptions, type CampaignOptions, campaignOf } from "./campaign-options.ts";
import { formatPreview } from "./campaign-text.ts";
import { runWatch } from "./watch-command.ts";

interface CreateOptions extends ClientOptions, CampaignOptions {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly watch: boolean;
}

export function createCommand(): Command {
  const command = new Command("create").description(
    "Makes a campaign, which starts at once: new root keys for many devices. Shows first what it would do, " +
      "and asks.",
  );
  addCampaignOptions(command)
    .optionsGroup("Before and after:")
    .option("--dry-run", "only show what it would do", false)
    .option("--yes", "do not ask", false)
    .option("--watch", "then show its progress", false);
  return addClientOptions(command).action(
    withApi((api, options: CreateOptions) => create(command, api, options)),
  );
}

async function create(command: Command, api: ApiClient, options: CreateOptions): Promise<void> {
  const body = campaignOf(command, options);
  if (!(await isWanted(command, api, options, body))) return;
  // Of our own, so that who asks again after a lost answer makes no second one.
  const id = formatHex(systemRandomBytes(8));
  const campaign = await api.call<CampaignView>("POST", "/campaigns", { body: { id, ...body } });
  if (options.watch) return runWatch(api, campaign.id, options.json);
  print(
    options.json,
    campaign,
    () => `campaign ${campaign.id} is made; warren campaign watch ${campaign.id}`,
  );
}

/** Shows what the campaign would do and asks, unless the options say not to. */
async function isWanted(
  command: Command,
  api: ApiClient,
  { dryRun, yes, json }: CreateOptions,
  body: object,
): Promise<boolean> {
  if (yes && json && !dryRun) return true;
  const preview = await api.call<PreviewView>("POST", "/campaigns/preview", { body });
  print(json, preview, () => formatPreview(preview));
  if (dryRun) return false;
  if (preview.devices === 0) {
    throw new WarrenError("device-unknown", "no device that could be updated is selected");
  }
  return yes || confirm(command, "Start it?");
}
