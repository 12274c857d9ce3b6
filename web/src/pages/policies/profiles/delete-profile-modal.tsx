import { Text } from "@mantine/core";
import { deleteDeviceProfilesByName } from "../../../api/generated/warren-api.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { useProfileDeleted } from "../policy-queries.ts";

interface Props {
  readonly name: string;
  readonly onClose: () => void;
}

export function DeleteProfileModal({ name, onClose }: Props) {
  const forget = useProfileDeleted();
  const remove = async () => {
    await deleteDeviceProfilesByName({ name });
    forget(name);
    notifyDone(`The device profile ${name} is deleted.`);
  };
  return (
    <ConfirmModal
      isOpen
      onClose={onClose}
      title={`Delete the device profile ${name}?`}
      action={`Delete ${name}`}
      onConfirm={remove}
    >
      <Text size="sm">
        Its policy is erased. Devices that name it go on with the policy of all devices, unless they
        have one of their own.
      </Text>
    </ConfirmModal>
  );
}
