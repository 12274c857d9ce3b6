import { Button, Group, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  deleteApplicationServersByAsId,
  deleteNetworkServersByNetId,
  patchApplicationServersByAsId,
  patchNetworkServersByNetId,
} from "../../../api/generated/warren-api.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone, notifyFailed } from "../../../components/notify.ts";
import { PeerModal } from "../form/peer-modal.tsx";
import { KIND_WORDS } from "../kind-words.ts";
import { PEERS_KEY, type Peer } from "../peer-queries.ts";
import { AffectedDevices } from "./affected-devices.tsx";

/** Change, allow or refuse, delete. */
export function PeerActions({ peer }: { readonly peer: Peer }) {
  const [opened, setOpened] = useState<"change" | "refuse" | "delete">();
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const close = () => setOpened(undefined);
  const { id, kind, isAllowed } = peer;
  const name = `${KIND_WORDS[kind].name} ${id}`;

  const finish = async (change: Promise<unknown>, message: string) => {
    await change;
    notifyDone(message);
    await client.invalidateQueries({ queryKey: PEERS_KEY });
  };
  const allow = async () => {
    setBusy(true);
    try {
      await finish(setAllowed(peer, true), `${name} is allowed.`);
    } catch (error) {
      notifyFailed(`${name} was not allowed`, error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={() => setOpened("change")}>
        Change<VisuallyHidden> {id}</VisuallyHidden>
      </Button>
      <Button
        size="xs"
        variant="default"
        loading={isBusy}
        onClick={() => (isAllowed ? setOpened("refuse") : void allow())}
      >
        {isAllowed ? "Refuse" : "Allow"}
        <VisuallyHidden> {id}</VisuallyHidden>
      </Button>
      <Button size="xs" variant="light" color="red" onClick={() => setOpened("delete")}>
        Delete<VisuallyHidden> {id}</VisuallyHidden>
      </Button>
      {opened === "change" && <PeerModal kind={kind} peer={peer} onClose={close} />}
      <ConfirmModal
        isOpen={opened === "refuse"}
        onClose={close}
        title={`Refuse every request of ${name}?`}
        action={`Refuse ${id}`}
        onConfirm={() => finish(setAllowed(peer, false), `${name} is refused.`)}
      >
        Its record stays, and you can allow it again. <AffectedDevices peer={peer} />
      </ConfirmModal>
      <ConfirmModal
        isOpen={opened === "delete"}
        onClose={close}
        title={`Delete ${name}?`}
        action={`Delete ${id}`}
        typed={id}
        onConfirm={() => finish(remove(peer), `${name} is deleted.`)}
      >
        Its record is erased, with its KEK and how it shows who it is: this cannot be undone.{" "}
        <AffectedDevices peer={peer} />
      </ConfirmModal>
    </Group>
  );
}

function setAllowed({ kind, id }: Peer, isAllowed: boolean): Promise<unknown> {
  const body = { isAllowed };
  return kind === "network-server"
    ? patchNetworkServersByNetId({ netId: id, body })
    : patchApplicationServersByAsId({ asId: id, body });
}

function remove({ kind, id }: Peer): Promise<unknown> {
  return kind === "network-server"
    ? deleteNetworkServersByNetId({ netId: id })
    : deleteApplicationServersByAsId({ asId: id });
}
