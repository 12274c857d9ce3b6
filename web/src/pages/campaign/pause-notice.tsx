import { Alert, Text } from "@mantine/core";
import type { CampaignWithProgress } from "../../campaigns/campaign-queries.ts";

/** Why nothing more is started, and what to do. */
export function PauseNotice({ campaign }: { readonly campaign: CampaignWithProgress }) {
  const { state, pauseReason } = campaign;
  if (state !== "paused" || pauseReason === null) return null;
  return (
    <Alert color="orange" variant="light" title={`Paused: ${pauseReason}`}>
      <Text size="sm">{whatToDo(pauseReason)}</Text>
    </Alert>
  );
}

function whatToDo(reason: string): string {
  if (reason.startsWith("not started"))
    return "Start it when you are ready; until then no device is touched.";
  if (reason.startsWith("by ")) return "Resume it when the others may go on.";
  return (
    "Look at the reasons below and mend what they name. Resume it then: failures so far count as seen, and " +
    "only later ones pause it again. Or abort it, and make a campaign for the devices that are left."
  );
}
