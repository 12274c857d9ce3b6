import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  postCampaignsByCampaignIdPause,
  postCampaignsByCampaignIdResume,
} from "../../../api/generated/warren-api.ts";
import { type CampaignWithProgress, titleOf } from "../../../campaigns/campaign-queries.ts";
import { notifyDone, notifyFailed } from "../../../components/notify.ts";
import { AbortModal } from "./abort-modal.tsx";
import { DeleteModal } from "./delete-modal.tsx";
import { ResumeModal } from "./resume-modal.tsx";

interface Props {
  readonly campaign: CampaignWithProgress;
}

/** What can be done with a campaign as it stands now. */
export function CampaignActions({ campaign }: Props) {
  const { state, id, endedAt } = campaign;
  const [asked, setAsked] = useState<"resume" | "abort" | "delete">();
  const settle = useSettled(id);
  const pause = useMutation({
    mutationFn: () => postCampaignsByCampaignIdPause({ campaignId: id }),
    onSuccess: (paused) => {
      settle(paused);
      notifyDone("Paused: nothing more is started; updates under way go on.");
    },
    onError: (error) => notifyFailed(`Pause ${titleOf(campaign)}`, error),
  });
  const resume = async () => {
    settle(await postCampaignsByCampaignIdResume({ campaignId: id }));
    notifyDone("It goes on.");
  };
  const isLive = state === "preparing" || state === "running" || state === "paused";
  const close = () => setAsked(undefined);
  return (
    <>
      {(state === "running" || state === "preparing") && (
        <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate()}>
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button onClick={() => setAsked("resume")}>
          {campaign.startedAt === null ? "Start" : "Resume"}
        </Button>
      )}
      {isLive && (
        <Button color="red" variant="light" onClick={() => setAsked("abort")}>
          Abort
        </Button>
      )}
      {endedAt !== null && (
        <Button color="red" variant="light" onClick={() => setAsked("delete")}>
          Delete
        </Button>
      )}
      <ResumeModal
        campaign={campaign}
        isOpen={asked === "resume"}
        onClose={close}
        onConfirm={resume}
      />
      <AbortModal campaign={campaign} isOpen={asked === "abort"} onClose={close} onDone={settle} />
      <DeleteModal campaign={campaign} isOpen={asked === "delete"} onClose={close} />
    </>
  );
}

/** What an order answers is shown at once; lists and devices are asked for again. */
function useSettled(id: string): (campaign: CampaignWithProgress) => void {
  const client = useQueryClient();
  return (campaign) => {
    client.setQueryData(["campaigns", id], campaign);
    void client.invalidateQueries({ queryKey: ["campaigns"] });
  };
}
