import { Modal } from "@mantine/core";
import { AddDeviceForm } from "./add-device-form.tsx";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The form is made anew each time: no key stays in it once it is closed. */
export function AddDeviceModal({ isOpen, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add a device" size="lg">
      <AddDeviceForm onClose={onClose} />
    </Modal>
  );
}
