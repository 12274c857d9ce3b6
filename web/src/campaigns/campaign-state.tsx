import { Badge } from "@mantine/core";
import type { Campaign } from "../api/generated/warren-api.ts";

const COLOURS: Readonly<Record<Campaign["state"], string>> = {
  preparing: "blue",
  running: "blue",
  paused: "orange",
  finished: "green",
  aborted: "gray",
};

export function CampaignState({ campaign }: { readonly campaign: Campaign }) {
  return (
    <Badge color={COLOURS[campaign.state]} variant="light" miw="max-content">
      {stateText(campaign)}
    </Badge>
  );
}

function stateText({ state, endedAt, isCanaryOver, canaryShare }: Campaign): string {
  if (state === "aborted" && endedAt === null) return "aborted, ending";
  return state === "running" && !isCanaryOver && canaryShare > 0 ? "running: canaries" : state;
}
