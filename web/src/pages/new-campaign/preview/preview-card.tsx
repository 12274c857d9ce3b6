import { Loader, Skeleton, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { CampaignPreview } from "../../../api/generated/warren-api.ts";
import { ErrorPanel } from "../../../components/error-panel.tsx";
import { Facts } from "../../../components/facts.tsx";
import { Panel } from "../../../components/panel.tsx";
import { countOf } from "../../../quantities/numbers.ts";
import { previewFacts } from "./preview-facts.ts";

interface Props {
  readonly query: UseQueryResult<CampaignPreview>;
  readonly hasProblems: boolean;
}

/** What the campaign would do, as the devices are now. */
export function PreviewCard({ query, hasProblems }: Props) {
  const { data, error, isFetching, refetch } = query;
  return (
    <Panel
      title="What it will do"
      actions={isFetching && <Loader size="xs" role="img" aria-label="Looking at the devices" />}
    >
      {hasProblems ? (
        <Text size="sm">Mend what is marked in the form; then it is shown here.</Text>
      ) : error !== null ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton height={160} role="img" aria-label="Looking at the devices" />
      ) : (
        <Stack gap="sm" aria-busy={isFetching}>
          <Text fw={600} size="lg" role="status">
            {headline(data)}
          </Text>
          {data.devices > 0 || Object.keys(data.skipped).length > 0 ? (
            <Facts facts={previewFacts(data)} columns={1} />
          ) : null}
        </Stack>
      )}
    </Panel>
  );
}

function headline({ devices, isComplete }: CampaignPreview): string {
  if (devices === 0) return "No device would be updated: choose others.";
  const count = countOf(devices, "device");
  if (isComplete) return `${count} ${devices === 1 ? "gets" : "get"} new root keys`;
  return `${count} and more get new root keys: not all were looked at`;
}
