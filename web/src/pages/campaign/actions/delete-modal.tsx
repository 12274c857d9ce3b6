import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { forgetDeleted } from "../../../api/forget-deleted.ts";
import { deleteCampaignsByCampaignId } from "../../../api/generated/warren-api.ts";
import { type CampaignWithProgress, titleOf } from "../../../campaigns/campaign-queries.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { countOf } from "../../../quantities/numbers.ts";

interface Props {
  readonly campaign: CampaignWithProgress;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function DeleteModal({ campaign, isOpen, onClose }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id, progress } = campaign;
  const remove = async () => {
    await deleteCampaignsByCampaignId({ campaignId: id });
    notifyDone(`${titleOf(campaign)} is deleted.`);
    await navigate("/campaigns", { replace: true });
    forgetDeleted(client, ["campaigns", id]);
    await client.invalidateQueries({
      queryKey: ["campaigns"],
      predicate: ({ queryKey }) => queryKey[1] !== id,
    });
  };
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title={`Delete ${titleOf(campaign)}?`}
      action="Delete its report"
      onConfirm={remove}
    >
      <Text size="sm">
        The campaign and its report on {countOf(progress.total, "device")} are erased, with the
        reason of each failure. The devices and their keys stay as they are, and so does the audit
        log.
      </Text>
    </ConfirmModal>
  );
}
