import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { type CampaignPreview, postCampaigns } from "../../../api/generated/warren-api.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { formatDuration } from "../../../quantities/duration.ts";
import { countOf } from "../../../quantities/numbers.ts";
import type { CampaignBody } from "../form/campaign-body.ts";

interface Props {
  readonly body: CampaignBody;
  /** Of this body; undefined while it is not known. */
  readonly preview: CampaignPreview | undefined;
}

/** Asks once more, with the numbers of the preview, and goes to the campaign that is made. */
export function CreateCampaign({ body, preview }: Props) {
  const [isAsked, setAsked] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const idOf = useCampaignId();
  const create = async () => {
    const { id } = await postCampaigns({ body: { id: idOf(body), ...body } });
    void client.invalidateQueries({ queryKey: ["campaigns"] });
    notifyDone("The campaign is made.");
    await navigate(`/campaigns/${id}`);
  };
  const isPaused = body.startsPaused === true;
  const count = countOf(preview?.devices ?? 0, "device");
  const verb = isPaused ? "Make the campaign" : "Start the campaign";
  return (
    <>
      <Button
        fullWidth
        disabled={preview === undefined || preview.devices === 0}
        onClick={() => setAsked(true)}
      >
        {verb}
      </Button>
      <ConfirmModal
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={isPaused ? `Make a campaign for ${count}?` : `New root keys for ${count}?`}
        action={verb}
        isDestructive={false}
        onConfirm={create}
      >
        <Text size="sm">
          {isPaused
            ? "It waits until you start it; nothing is sent to a device before."
            : `The first updates start at once${(body.windows?.length ?? 0) > 0 ? " if a time window is open" : ""}; the starts take ${formatDuration(preview?.startsMs ?? 0)} or more. You can pause or abort it at any moment: a device that is not through goes on with its old keys.`}
        </Text>
      </ConfirmModal>
    </>
  );
}

/** Of our own, and the same for the same body: whoever asks again after a lost answer makes no second one. */
function useCampaignId(): (body: CampaignBody) => string {
  const drawn = useRef<{ body: CampaignBody; id: string }>(undefined);
  return (body) => {
    if (drawn.current?.body !== body) {
      const octets = crypto.getRandomValues(new Uint8Array(8));
      const id = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
      drawn.current = { body, id };
    }
    return drawn.current.id;
  };
}
