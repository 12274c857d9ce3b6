import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorPanel } from "./error-panel.tsx";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What is destroyed or started, by name and number, and what cannot be undone. */
  readonly children: ReactNode;
  /** What the button does: `Delete 0102030405060708`. */
  readonly action: string;
  /** To be typed first, for what cannot be undone. */
  readonly typed?: string;
  readonly isDestructive?: boolean;
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something is done that others feel; closes when it is done, and stays with the error. */
export function ConfirmModal(props: Props) {
  const {
    isOpen,
    onClose,
    title,
    children,
    action,
    typed,
    isDestructive = true,
    onConfirm,
  } = props;
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const close = () => {
    setText("");
    setError(undefined);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      close();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={isOpen} onClose={close} title={title} centered>
      <Stack gap="sm">
        <div>{children}</div>
        {typed !== undefined && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (text === typed && !isBusy) void confirm();
            }}
          >
            <TextInput
              label={`Type ${typed} to go on`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
            />
          </form>
        )}
        {error !== undefined && <ErrorPanel error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button
            color={isDestructive ? "red.9" : undefined}
            disabled={typed !== undefined && text !== typed}
            loading={isBusy}
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
