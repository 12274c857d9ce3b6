import { Text } from "@mantine/core";
import { type CampaignWithProgress, titleOf } from "../../../campaigns/campaign-queries.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { countOf } from "../../../quantities/numbers.ts";

interface Props {
  readonly campaign: CampaignWithProgress;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<void>;
}

export function ResumeModal({ campaign, isOpen, onClose, onConfirm }: Props) {
  const { counts } = campaign.progress;
  const verb = campaign.startedAt === null ? "Start" : "Resume";
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title={`${verb} ${titleOf(campaign)}?`}
      action={verb}
      isDestructive={false}
      onConfirm={onConfirm}
    >
      <Text size="sm">
        {countOf(counts.waiting, "device waits", "devices wait")} for new root keys; their updates
        are started at the rate of the campaign.
        {counts.failed > 0 &&
          ` The ${countOf(counts.failed, "failure")} so far ${counts.failed === 1 ? "counts" : "count"} as seen: only later ones pause it again.`}
      </Text>
    </ConfirmModal>
  );
}
