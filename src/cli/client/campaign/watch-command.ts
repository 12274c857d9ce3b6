import { Command } from "commander";
import type { ApiClient } from "../../api-client/api-client.ts";
import { addClientOptions, type ClientOptions, withApi } from "../command-group.ts";
import { stateOf } from "./campaign-text.ts";
import { watchCampaign } from "./watch-campaign.ts";

export function watchCommand(): Command {
  const command = new Command("watch")
    .description(
      "Shows the progress of a campaign until it has ended or is paused. Exit status 1 when it is paused or " +
        "devices have failed. Ctrl-C ends only the display; a Join Server that is away is waited for, ten minutes long.",
    )
    .argument("<id>", "the campaign");
  return addClientOptions(command).action(
    withApi((api, { json }: ClientOptions, id: string) => runWatch(api, id, json)),
  );
}

/** Sets the exit status by how the campaign stands at the end. */
export async function runWatch(api: ApiClient, id: string, isJson: boolean): Promise<void> {
  const { campaign, isInterrupted } = await watchCampaign(api, encodeURIComponent(id), isJson);
  const failed = campaign.progress.counts["failed"] ?? 0;
  const isDone = campaign.endedAt !== null;
  if (isInterrupted && !isDone) {
    process.stderr.write(`the campaign goes on; warren campaign watch ${id} shows it again\n`);
    return;
  }
  process.exitCode = failed > 0 || !isDone ? 1 : 0;
  if (isJson) return;
  console.log(`campaign ${campaign.id} is ${stateOf(campaign)}`);
  if (failed > 0) console.log(`warren campaign failures ${campaign.id} lists what failed`);
  if (!isDone) console.log(`warren campaign resume ${campaign.id} lets it go on`);
}
