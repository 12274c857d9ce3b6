import { Checkbox, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { postCampaignsByCampaignIdAbort } from "../../../api/generated/warren-api.ts";
import { type CampaignWithProgress, titleOf } from "../../../campaigns/campaign-queries.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { countOf } from "../../../quantities/numbers.ts";

interface Props {
  readonly campaign: CampaignWithProgress;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: (campaign: CampaignWithProgress) => void;
}

export function AbortModal({ campaign, isOpen, onClose, onDone }: Props) {
  const [abortsUpdates, setAbortsUpdates] = useState(false);
  const { counts } = campaign.progress;
  const abort = async () => {
    const { id } = campaign;
    onDone(await postCampaignsByCampaignIdAbort({ campaignId: id, body: { abortsUpdates } }));
    notifyDone(`${titleOf(campaign)} is aborted.`);
  };
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title={`Abort ${titleOf(campaign)}?`}
      action="Abort the campaign"
      onConfirm={abort}
    >
      <Stack gap="sm">
        <Text size="sm">
          It ends for ever and cannot be resumed. {countOf(counts.waiting, "device")} that{" "}
          {counts.waiting === 1 ? "waits keeps its" : "wait keep their"} current root keys; those
          already updated keep the new ones.
        </Text>
        {counts["under-way"] > 0 && (
          <Checkbox
            label={`Also end the ${countOf(counts["under-way"], "update")} under way`}
            description="Safe at any moment: the device goes on with its old keys. Otherwise they come to their own end."
            checked={abortsUpdates}
            onChange={(event) => setAbortsUpdates(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </ConfirmModal>
  );
}
