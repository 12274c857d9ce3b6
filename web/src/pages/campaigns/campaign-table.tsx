import { Anchor, Skeleton, Stack, Table, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Campaign } from "../../api/generated/warren-api.ts";
import { titleOf, useCampaign } from "../../campaigns/campaign-queries.ts";
import { CampaignState } from "../../campaigns/campaign-state.tsx";
import { OutcomeBar } from "../../campaigns/outcome-bar.tsx";
import { throughOf } from "../../campaigns/outcomes.ts";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { Time } from "../../components/time.tsx";
import { formatCount } from "../../quantities/numbers.ts";

export function CampaignTable({ campaigns }: { readonly campaigns: readonly Campaign[] }) {
  return (
    <ScrollBox label="Campaigns">
      <Table highlightOnHover verticalSpacing="sm" miw={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Campaign</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col" w="35%">
              Progress
            </Table.Th>
            <Table.Th scope="col">Made</Table.Th>
            <Table.Th scope="col">Ended</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {campaigns.map((campaign) => (
            <Row key={campaign.id} listed={campaign} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}

/** The list says nothing of progress, so each row follows its own campaign. */
function Row({ listed }: { readonly listed: Campaign }) {
  const { data } = useCampaign(listed.id);
  const campaign = data ?? listed;
  return (
    <Table.Tr>
      <Table.Td maw={320}>
        <Anchor component={Link} to={`/campaigns/${campaign.id}`} fw={600} className="breakable">
          {titleOf(campaign)}
        </Anchor>
        {campaign.description !== "" && (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {campaign.description}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <CampaignState campaign={campaign} />
        {campaign.pauseReason !== null && (
          <Text size="xs" c="dimmed" maw={220}>
            {campaign.pauseReason}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {data === undefined ? (
          <Skeleton height={32} role="img" aria-label="Loading" />
        ) : (
          <Stack gap={4}>
            <OutcomeBar progress={data.progress} />
            <Text size="xs" c="dimmed">
              {formatCount(throughOf(data.progress))} of {formatCount(data.progress.total)} through,{" "}
              {formatCount(data.progress.counts.failed)} failed
            </Text>
          </Stack>
        )}
      </Table.Td>
      <Table.Td>
        <Time at={campaign.createdAt} />
        <Text size="xs" c="dimmed" className="breakable">
          by {campaign.createdBy}
        </Text>
      </Table.Td>
      <Table.Td>
        <Time at={campaign.endedAt} never="not yet" />
      </Table.Td>
    </Table.Tr>
  );
}
