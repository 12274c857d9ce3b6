import { Grid, Stack } from "@mantine/core";
import { useRights } from "../../api/use-rights.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { ActivityPanel } from "./activity/activity-panel.tsx";
import { DeviceBars } from "./device-bars.tsx";
import { HeadlineNumbers } from "./headline-numbers.tsx";
import { HowToBegin } from "./how-to-begin.tsx";
import { LiveFeed } from "./live-feed/live-feed.tsx";
import { NeedsAHand } from "./needs-a-hand/needs-a-hand.tsx";
import { type OverviewData, useOverview } from "./overview-queries.ts";
import { UpdatesUnderWay } from "./updates-under-way.tsx";
import { WeakKeysPanel } from "./weak-keys/weak-keys-panel.tsx";

/** What an operator wants to see first: whether all is well, and if not, where to go. */
export function OverviewPage() {
  const overview = useOverview();
  return (
    <Page
      title="Overview"
      about="How the devices of this Join Server are, and what needs a hand. It follows what happens by itself."
    >
      <Loaded query={overview} height={600}>
        {(data) => <Contents overview={data} />}
      </Loaded>
    </Page>
  );
}

function Contents({ overview }: { readonly overview: OverviewData }) {
  const hasRight = useRights();
  const isEmpty = overview.devices.total === 0;
  const mayListen = hasRight("event:read");
  return (
    <Stack gap="md">
      {isEmpty ? <HowToBegin peers={overview.peers} /> : <HeadlineNumbers overview={overview} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: mayListen ? 8 : 12 }}>
          <Stack gap="md">
            {!isEmpty && <NeedsAHand overview={overview} />}
            {hasRight("report:read") && <ActivityPanel />}
          </Stack>
        </Grid.Col>
        {mayListen && (
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <LiveFeed />
          </Grid.Col>
        )}
      </Grid>
      {!isEmpty && <UpdatesUnderWay overview={overview} />}
      {!isEmpty && <DeviceBars devices={overview.devices} />}
      {!isEmpty && hasRight("report:read") && <WeakKeysPanel />}
    </Stack>
  );
}
