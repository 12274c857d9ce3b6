import { Group, Stack } from "@mantine/core";
import { useCallback } from "react";
import { useParams } from "react-router";
import type { ServerEvent } from "../../api/events.ts";
import { useLiveQuery } from "../../api/live-queries.ts";
import { useRights } from "../../api/use-rights.ts";
import {
  type CampaignWithProgress,
  titleOf,
  useCampaign,
} from "../../campaigns/campaign-queries.ts";
import { CampaignState } from "../../campaigns/campaign-state.tsx";
import { Identifier } from "../../components/identifier.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { CampaignActions } from "./actions/campaign-actions.tsx";
import { CampaignSettings } from "./campaign-settings.tsx";
import { CampaignDevices } from "./devices/campaign-devices.tsx";
import { PauseNotice } from "./pause-notice.tsx";
import { ProgressCard } from "./progress-card.tsx";
import { ReasonsCard } from "./reasons-card.tsx";

export function CampaignPage() {
  const { campaignId = "" } = useParams();
  const mayRun = useRights()("campaign:run");
  const query = useCampaign(campaignId);
  const concerns = useCallback(
    (event: ServerEvent) => event.campaignId === campaignId,
    [campaignId],
  );
  useLiveQuery(["campaigns", campaignId], concerns);
  const { data } = query;
  return (
    <Page
      title={data === undefined ? "Campaign" : titleOf(data)}
      about={data?.description || undefined}
      actions={data !== undefined && mayRun && <CampaignActions campaign={data} />}
    >
      <Loaded query={query} height={320}>
        {(campaign) => <Details campaign={campaign} key={campaign.id} />}
      </Loaded>
    </Page>
  );
}

function Details({ campaign }: { readonly campaign: CampaignWithProgress }) {
  return (
    <Stack>
      <Group gap="sm" fz="sm">
        <CampaignState campaign={campaign} />
        <Identifier>{campaign.id}</Identifier>
      </Group>
      <PauseNotice campaign={campaign} />
      <ProgressCard campaign={campaign} />
      <ReasonsCard reasons={campaign.progress.reasons} />
      <CampaignDevices campaign={campaign} />
      <CampaignSettings campaign={campaign} />
    </Stack>
  );
}
