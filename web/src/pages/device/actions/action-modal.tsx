import { Button, Group, Modal, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { ErrorPanel } from "../../../components/error-panel.tsx";
import { useAction } from "./use-action.ts";

interface Props {
  readonly devEui: string;
  readonly title: string;
  readonly onClose: () => void;
  /** What the button says. */
  readonly action: string;
  readonly isDestructive?: boolean;
  readonly canSend?: boolean;
  readonly onSend: () => Promise<unknown>;
  readonly children: ReactNode;
}

/**
 * A form about one device. It closes when the server has done it, and stays with the error. Mount it only
 * while it is open: what was typed does not stay.
 */
export function ActionModal(props: Props) {
  const { devEui, title, onClose, action, isDestructive = false, canSend = true } = props;
  const { run, error, isBusy } = useAction(devEui, onClose);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void run(props.onSend);
  };
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={onSubmit} autoComplete="off">
        <Stack gap="sm">
          {props.children}
          {error !== undefined && <ErrorPanel error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button
              type="submit"
              color={isDestructive ? "red" : undefined}
              loading={isBusy}
              disabled={!canSend}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
