import type { Campaign } from "../../api/generated/warren-api.ts";
import { conditionsText } from "../../campaigns/conditions-text.ts";
import { Facts } from "../../components/facts.tsx";
import { Panel } from "../../components/panel.tsx";
import { Time } from "../../components/time.tsx";
import { formatDuration } from "../../quantities/duration.ts";
import { countOf, formatCount, formatRounded, formatShare } from "../../quantities/numbers.ts";

/** What was decided when it was made. */
export function CampaignSettings({ campaign }: { readonly campaign: Campaign }) {
  return (
    <Panel title="Settings">
      <Facts facts={settingsFacts(campaign)} />
    </Panel>
  );
}

function settingsFacts(campaign: Campaign) {
  const { startsPerMinute, startsPerMinutePerGateway, maxAttempts, windows } = campaign;
  return [
    ["Devices", devicesText(campaign)],
    ["Suite", campaign.suite ?? "that of each device"],
    ["Kind of the updates", kindText(campaign.isHealing)],
    [
      "Starts",
      `${formatRounded(startsPerMinute)} a minute, ${formatRounded(startsPerMinutePerGateway)} per gateway`,
    ],
    ["Under way at most", formatCount(campaign.maxUnderWay)],
    ["Time windows", windows.length === 0 ? "always" : `${windows.join("; ")} UTC`],
    ["Canaries", campaign.canaryShare === 0 ? "none" : formatShare(campaign.canaryShare)],
    [
      "Pauses when",
      `more than ${formatShare(campaign.maxFailureShare)} have failed, of ${formatCount(campaign.minSettledForPause)} or more`,
    ],
    [
      "Attempts",
      maxAttempts === 1
        ? "one for each device"
        : `${maxAttempts} for each device; the second after ${formatDuration(campaign.retryAfterMs)}, then twice that each time`,
    ],
    ["An attempt takes at most", formatDuration(campaign.attemptTimeoutMs)],
    ["Made", <Time key="made" at={campaign.createdAt} />],
    ["Made by", campaign.createdBy],
  ] as const;
}

function devicesText({ query, listedDevices, generationAtMost }: Campaign): string {
  const which =
    query === null ? `a list of ${countOf(listedDevices ?? 0, "device")}` : conditionsText(query);
  return generationAtMost === null ? which : `${which}; of generation ${generationAtMost} or less`;
}

function kindText(isHealing: boolean | null): string {
  if (isHealing === null) return "as its policy says for each device";
  return isHealing ? "with an X25519 exchange" : "without an exchange";
}
