import type { CampaignProgress } from "../api/generated/warren-api.ts";

export type Outcome = keyof CampaignProgress["counts"];

interface OutcomeLook {
  readonly outcome: Outcome;
  readonly label: string;
  readonly help: string;
  /** Of Mantine; the bar leaves out what waits. */
  readonly colour: string;
}

/** What becomes of a device in a campaign, in the order of the bar. */
export const OUTCOMES: readonly OutcomeLook[] = [
  { outcome: "updated", label: "Updated", help: "have new root keys", colour: "green.7" },
  { outcome: "failed", label: "Failed", help: "have had all their attempts", colour: "red.7" },
  { outcome: "skipped", label: "Skipped", help: "nothing to update", colour: "gray.6" },
  { outcome: "under-way", label: "Under way", help: "updates going on now", colour: "blue.6" },
  {
    outcome: "waiting",
    label: "Waiting",
    help: "for their turn or next attempt",
    colour: "gray.3",
  },
];

/** Devices that are at their end. */
export function throughOf({ counts }: CampaignProgress): number {
  return counts.updated + counts.failed + counts.skipped;
}
