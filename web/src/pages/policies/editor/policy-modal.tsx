import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Room for a form and the cost below it; all of the screen on a phone. */
export function PolicyModal({ title, isOpen, onClose, children }: Props) {
  const isPhone = useMediaQuery("(max-width: 48em)");
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size="xl" fullScreen={isPhone}>
      {children}
    </Modal>
  );
}
