import { Box, ColorSwatch, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { CampaignWithProgress } from "../../campaigns/campaign-queries.ts";
import { OutcomeBar } from "../../campaigns/outcome-bar.tsx";
import { OUTCOMES, throughOf } from "../../campaigns/outcomes.ts";
import { Facts } from "../../components/facts.tsx";
import { Panel } from "../../components/panel.tsx";
import { Time } from "../../components/time.tsx";
import { formatCount, formatRounded, formatShare } from "../../quantities/numbers.ts";

export function ProgressCard({ campaign }: { readonly campaign: CampaignWithProgress }) {
  const { progress } = campaign;
  const { counts, total } = progress;
  const through = throughOf(progress);
  return (
    <Panel
      title="Progress"
      actions={
        <Text size="sm">
          {formatCount(through)} of {formatCount(total)} through
          {total > 0 && ` (${Math.floor((through / total) * 100)} %)`}
        </Text>
      }
    >
      <Stack gap="sm">
        <OutcomeBar progress={progress} size="xl" />
        <SimpleGrid component="dl" cols={{ base: 2, xs: 3, md: 5 }} spacing="sm" m={0}>
          {OUTCOMES.map(({ outcome, label, help, colour }) => (
            <div key={outcome}>
              <Text component="dt" size="sm">
                <Group gap={6} wrap="nowrap" component="span">
                  <ColorSwatch color={swatch(colour)} size={10} withShadow={false} aria-hidden />
                  {label}
                </Group>
              </Text>
              <Box component="dd" m={0}>
                <Text fw={600} size="lg" className="mono">
                  {formatCount(counts[outcome])}
                </Text>
                <Text size="xs" c="dimmed">
                  {help}
                </Text>
              </Box>
            </div>
          ))}
        </SimpleGrid>
        <Facts facts={paceFacts(campaign)} columns={4} />
      </Stack>
    </Panel>
  );
}

function paceFacts(campaign: CampaignWithProgress) {
  const { progress, state, startedAt, endedAt } = campaign;
  const { ratePerMinute, estimatedEndAt } = progress;
  const isRunning = state === "running";
  return [
    ["Canaries", canaryText(campaign)],
    [
      "Rate of the last ten minutes",
      isRunning
        ? ratePerMinute === null
          ? "not known yet"
          : `${formatRounded(ratePerMinute)} a minute`
        : undefined,
    ],
    [
      "Ends, if it goes on like this",
      isRunning && estimatedEndAt !== null ? <Time key="end" at={estimatedEndAt} /> : undefined,
    ],
    ["Started", <Time key="started" at={startedAt} never="not yet" />],
    ["Ended", endedAt === null ? undefined : <Time key="ended" at={endedAt} />],
  ] as const;
}

function canaryText({ canaryShare, isCanaryOver, state }: CampaignWithProgress): string {
  if (canaryShare === 0) return "none: all start together";
  if (isCanaryOver) return `through: ${formatShare(canaryShare)} went first`;
  if (state === "aborted") return `${formatShare(canaryShare)} were to go first`;
  return `${formatShare(canaryShare)} go first; the others wait for them`;
}

function swatch(colour: string): string {
  return `var(--mantine-color-${colour.replace(".", "-")})`;
}
