import type {
  CampaignView,
  CampaignWithProgressView,
  MemberView,
  PreviewView,
} from "../../../server/join-server/campaigns/campaign-schemas.ts";
import { type Column, formatMembers, formatTable } from "../../api-client/print.ts";
import { formatDuration } from "../../durations.ts";

const LIST: readonly Column<CampaignView>[] = [
  { heading: "ID", text: ({ id }) => id },
  { heading: "Name", text: ({ name }) => name },
  { heading: "State", text: ({ state }) => state },
  { heading: "Created", text: ({ createdAt }) => createdAt.slice(0, 16) },
  { heading: "Ended", text: ({ endedAt }) => endedAt?.slice(0, 16) },
  { heading: "By", text: ({ createdBy }) => createdBy },
];

const FAILURES: readonly Column<MemberView>[] = [
  { heading: "DevEUI", text: ({ devEui }) => devEui },
  { heading: "", text: ({ state }) => state },
  { heading: "Attempts", text: ({ attempts }) => attempts },
  { heading: "Ended", text: ({ endedAt }) => endedAt?.slice(0, 19) },
  { heading: "Reason", text: ({ reason }) => reason },
];

export function formatCampaignTable(campaigns: readonly CampaignView[]): string {
  return campaigns.length === 0 ? "no campaigns" : formatTable(LIST, campaigns);
}

/** Each device once, and what to do about each reason after that. */
export function formatFailures(members: readonly MemberView[]): string {
  if (members.length === 0) return "no failures";
  const remedies = new Map(members.map(({ reason, remedy }) => [reason, remedy]));
  const lines = [...remedies].map(([reason, remedy]) => `${reason}: ${remedy}`);
  return [formatTable(FAILURES, members), "", ...lines].join("\n");
}

/** What a campaign would do, in a few lines. */
export function formatPreview(preview: PreviewView): string {
  const { devices, canaries, generations, macVersions, gateways, underWay, skipped } = preview;
  return formatMembers({
    Devices: preview.isComplete ? devices : `${devices} and more: not all were looked at`,
    Generations: listCounts(generations),
    "LoRaWAN versions": listCounts(macVersions),
    Gateways: gateways === 0 ? "none known yet" : gateways,
    "Update under way": underWay === 0 ? "" : `${underWay}, their end is waited for`,
    "Left out": listCounts(skipped),
    "Go first": canaries === 0 ? "" : `about ${canaries}`,
    Starts:
      devices === 0
        ? ""
        : `take ${formatDuration(preview.startsMs)} or more, from now to ${preview.lastStartAt.slice(0, 16)} UTC; canaries and retries come on top`,
  });
}

export function formatCampaign(campaign: CampaignWithProgressView): string {
  const { progress } = campaign;
  const members = formatMembers({
    ID: campaign.id,
    Name: campaign.name,
    Description: campaign.description,
    State: stateOf(campaign),
    Devices: selectionOf(campaign),
    Progress: formatProgress(campaign),
    Estimate: progress.estimatedEndAt?.slice(0, 16),
    "At most": paceOf(campaign),
    Windows: campaign.windows.length === 0 ? "" : `${campaign.windows.join("; ")} UTC`,
    "Created by": `${campaign.createdBy}, ${campaign.createdAt}`,
    Started: campaign.startedAt,
    Ended: campaign.endedAt,
  });
  const reasons = progress.reasons.map(
    ({ state, reason, count, remedy }) => `${count} ${state}: ${reason}. ${remedy}`,
  );
  return [members, ...reasons].join("\n");
}

/** Counts, rate and what is left, in a line. */
export function formatProgress(campaign: CampaignWithProgressView): string {
  const { counts, total, ratePerMinute, estimatedEndAt } = campaign.progress;
  const by = (state: string) => counts[state] ?? 0;
  const through = by("updated") + by("failed") + by("skipped");
  const parts = [
    `${through} of ${total} through`,
    `${by("updated")} updated`,
    `${by("failed")} failed`,
    `${by("skipped")} skipped`,
    `${by("under-way")} under way`,
    ...(ratePerMinute === null ? [] : [`${ratePerMinute.toFixed(1)} a minute`]),
    ...(estimatedEndAt === null ? [] : [`until about ${estimatedEndAt.slice(0, 16)}`]),
  ];
  return parts.join(", ");
}

export function stateOf({ state, pauseReason, isCanaryOver, endedAt }: CampaignView): string {
  if (state === "paused") return `paused: ${pauseReason}`;
  if (state === "aborted" && endedAt === null)
    return "aborted, updates under way come to their end";
  return state === "running" && !isCanaryOver ? "running, canaries first" : state;
}

function selectionOf({ query, listedDevices, generationAtMost }: CampaignView): string {
  const conditions = Object.entries(query ?? {}).map(([name, value]) => `${name} ${value}`);
  const which = query === null ? `a list of ${listedDevices}` : conditions.join(", ") || "all";
  return generationAtMost === null ? which : `${which}, of generation ${generationAtMost} or less`;
}

function paceOf(campaign: CampaignView): string {
  const { startsPerMinute, startsPerMinutePerGateway, maxUnderWay, maxAttempts } = campaign;
  return (
    `${startsPerMinute} starts a minute, ${startsPerMinutePerGateway} per gateway, ` +
    `${maxUnderWay} under way, ${maxAttempts} attempts each`
  );
}

function listCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(", ");
}
