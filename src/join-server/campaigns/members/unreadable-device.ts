import { isUnreadable } from "../../background/device-errors.ts";
import { logFailure } from "../../background/log-failure.ts";
import type { CampaignMember } from "../campaign.ts";
import type { RunContext } from "../run-context.ts";
import { ended } from "./settle-member.ts";

/** What becomes of a member; one whose device cannot be read is at its end, so that it holds up no other. */
export async function unlessUnreadable(
  { campaign, clock, logger }: Pick<RunContext, "campaign" | "clock" | "logger">,
  member: CampaignMember,
  work: () => Promise<CampaignMember>,
): Promise<CampaignMember> {
  try {
    return await work();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const about = { campaignId: campaign.id, devEui: member.devEui };
    logFailure(logger, "campaign-device-unreadable", error, about);
    return ended(member, "failed", error.code, clock.now());
  }
}
