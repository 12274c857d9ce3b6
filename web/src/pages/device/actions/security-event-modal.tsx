import { Text, Textarea } from "@mantine/core";
import { useState } from "react";
import {
  type Device,
  postDevicesByDevEuiSecurityEvents,
} from "../../../api/generated/warren-api.ts";
import { notifyDone } from "../../../components/notify.ts";
import { ActionModal } from "./action-modal.tsx";

interface Props {
  readonly device: Device;
  readonly onClose: () => void;
}

/** Somebody has seen that the device was tampered with; its policy may want new root keys for that. */
export function SecurityEventModal({ device: { devEui }, onClose }: Props) {
  const [note, setNote] = useState("");
  const report = async () => {
    const given = note.trim();
    const { isUpdateWanted } = await postDevicesByDevEuiSecurityEvents({
      devEui,
      body: { kind: "tampering", ...(given !== "" && { note: given }) },
    });
    notifyDone(
      isUpdateWanted
        ? "Reported. Its policy starts an update as soon as the minimum period allows it"
        : "Reported. Its policy does not name tampering: start an update if it is to have new keys",
    );
  };
  return (
    <ActionModal
      devEui={devEui}
      title="Report tampering"
      onClose={onClose}
      action={`Report tampering with ${devEui}`}
      onSend={report}
    >
      <Text size="sm">
        The report goes into the audit log and to whoever listens to events. Where the policy of the
        device names tampering, an update follows.
      </Text>
      <Textarea
        label="What was seen"
        placeholder="seal broken, ticket 4711"
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
        autosize
        minRows={2}
      />
    </ActionModal>
  );
}
