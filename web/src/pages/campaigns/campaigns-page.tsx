import { Button, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { getCampaigns } from "../../api/generated/warren-api.ts";
import { useLiveQuery } from "../../api/live-queries.ts";
import { useRights } from "../../api/use-rights.ts";
import { concernsCampaigns } from "../../campaigns/campaign-queries.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { CampaignTable } from "./campaign-table.tsx";
import { NoCampaigns } from "./no-campaigns.tsx";

const PER_PAGE = 25;
/** The list, and each campaign whose progress is shown. */
const ALL_KEY = ["campaigns"] as const;
const LIST_KEY = ["campaigns", "list"] as const;

export function CampaignsPage() {
  const mayRun = useRights()("campaign:run");
  const query = useInfiniteQuery({
    queryKey: LIST_KEY,
    queryFn: ({ pageParam }) => getCampaigns({ limit: PER_PAGE, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    // Somebody without the right to events sees new ones too, a little later.
    refetchInterval: 30_000,
  });
  useLiveQuery(ALL_KEY, concernsCampaigns);
  return (
    <Page
      title="Campaigns"
      about="A campaign gives many devices new root keys: a few first, then the others at a rate, and it stops by itself when too many fail."
      actions={
        mayRun && (
          <Button component={Link} to="/campaigns/new">
            New campaign
          </Button>
        )
      }
    >
      <Loaded query={query} height={240}>
        {({ pages }) => {
          const campaigns = pages.flatMap((page) => page.campaigns);
          if (campaigns.length === 0) return <NoCampaigns mayRun={mayRun} />;
          return (
            <Stack>
              <CampaignTable campaigns={campaigns} />
              {query.hasNextPage && (
                <Button
                  variant="default"
                  mx="auto"
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  Show older ones
                </Button>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
