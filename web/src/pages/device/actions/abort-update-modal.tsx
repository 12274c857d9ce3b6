import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import {
  type Device,
  deleteDevicesByDevEuiRootKeyUpdate,
} from "../../../api/generated/warren-api.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone } from "../../../components/notify.ts";

interface Props {
  readonly device: Device;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Ends the update that is under way; both sides keep the old keys. */
export function AbortUpdateModal({ device: { devEui, update }, isOpen, onClose }: Props) {
  const client = useQueryClient();
  const abort = async () => {
    await deleteDevicesByDevEuiRootKeyUpdate({ devEui });
    await client.invalidateQueries({ queryKey: ["devices", devEui] });
    notifyDone("The update is aborted");
  };
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title="Abort the update"
      action={`Abort update ${update?.updateId ?? ""}`}
      onConfirm={abort}
    >
      <Text size="sm">
        Update {update?.updateId} of {devEui} ends, and its new keys are thrown away. The device and
        this server keep the old ones. Another update can be started at once.
      </Text>
    </ConfirmModal>
  );
}
