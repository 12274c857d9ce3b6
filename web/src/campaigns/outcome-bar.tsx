import { Progress } from "@mantine/core";
import type { CampaignProgress } from "../api/generated/warren-api.ts";
import { formatCount } from "../quantities/numbers.ts";
import { OUTCOMES } from "./outcomes.ts";

interface Props {
  readonly progress: CampaignProgress;
  readonly size?: "md" | "xl";
}

/** All devices of a campaign as one bar, a part for each outcome; what waits is the empty rest. */
export function OutcomeBar({ progress, size = "md" }: Props) {
  const { counts, total } = progress;
  const shown = OUTCOMES.filter(({ outcome }) => outcome !== "waiting" && counts[outcome] > 0);
  const words = OUTCOMES.filter(({ outcome }) => counts[outcome] > 0)
    .map(({ outcome, label }) => `${formatCount(counts[outcome])} ${label.toLowerCase()}`)
    .join(", ");
  return (
    <Progress.Root size={size} role="img" aria-label={`Of ${formatCount(total)} devices: ${words}`}>
      {shown.map(({ outcome, colour }) => (
        <Progress.Section
          key={outcome}
          value={(counts[outcome] / Math.max(1, total)) * 100}
          color={colour}
          withAria={false}
          striped={outcome === "under-way"}
          animated={outcome === "under-way"}
        />
      ))}
    </Progress.Root>
  );
}
