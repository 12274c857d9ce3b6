import { Button, Menu, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { forgetDeleted } from "../../../api/forget-deleted.ts";
import {
  type Device,
  deleteDevicesByDevEui,
  patchDevicesByDevEui,
} from "../../../api/generated/warren-api.ts";
import { useRights } from "../../../api/use-rights.ts";
import { ConfirmModal } from "../../../components/confirm-modal.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { countOf } from "../../../quantities/numbers.ts";
import { EditSettingsModal } from "./edit-settings-modal.tsx";
import { NewRootKeysModal } from "./new-root-keys-modal.tsx";
import { NonceResetModal } from "./nonce-reset-modal.tsx";
import { SecurityEventModal } from "./security-event-modal.tsx";

type Action = "settings" | "tampering" | "able" | "root-keys" | "nonces" | "delete";

/** What can be done with a device besides an update; only what the role may do. */
export function DeviceActions({ device }: { readonly device: Device }) {
  const mayDo = useRights();
  const [action, setAction] = useState<Action>();
  const close = () => setAction(undefined);
  const mayWrite = mayDo("device:write");
  const mayUpdate = mayDo("update:run");
  if (!mayWrite && !mayUpdate) return null;
  const item = (name: Action, label: string, isDangerous = false) => (
    <Menu.Item onClick={() => setAction(name)} color={isDangerous ? "red" : undefined}>
      {label}
    </Menu.Item>
  );
  return (
    <>
      {mayWrite && (
        <Button variant="default" onClick={() => setAction("settings")}>
          Change settings
        </Button>
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayUpdate && item("tampering", "Report tampering…")}
          {mayWrite && item("able", device.isDisabled ? "Enable…" : "Disable…")}
          {mayWrite && item("root-keys", "Give new root keys…")}
          {mayWrite && item("nonces", "Reset the nonces…")}
          {mayWrite && <Menu.Divider />}
          {mayWrite && item("delete", "Delete…", true)}
        </Menu.Dropdown>
      </Menu>
      {action === "settings" && <EditSettingsModal device={device} onClose={close} />}
      {action === "tampering" && <SecurityEventModal device={device} onClose={close} />}
      {action === "root-keys" && <NewRootKeysModal device={device} onClose={close} />}
      {action === "nonces" && <NonceResetModal device={device} onClose={close} />}
      <AbleModal device={device} isOpen={action === "able"} onClose={close} />
      <DeleteModal device={device} isOpen={action === "delete"} onClose={close} />
    </>
  );
}

interface ModalProps {
  readonly device: Device;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function AbleModal({ device: { devEui, isDisabled }, isOpen, onClose }: ModalProps) {
  const client = useQueryClient();
  const change = async () => {
    await patchDevicesByDevEui({ devEui, body: { isDisabled: !isDisabled } });
    await client.invalidateQueries({ queryKey: ["devices", devEui] });
    notifyDone(`${devEui} is ${isDisabled ? "enabled" : "disabled"}`);
  };
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title={isDisabled ? "Enable the device" : "Disable the device"}
      action={`${isDisabled ? "Enable" : "Disable"} ${devEui}`}
      isDestructive={!isDisabled}
      onConfirm={change}
    >
      <Text size="sm">
        {isDisabled
          ? "Its joins are answered again."
          : "Every request for the device is refused until it is enabled again: it cannot join, and no update starts. A session that it has goes on at its Network Server."}
      </Text>
    </ConfirmModal>
  );
}

function DeleteModal({ device, isOpen, onClose }: ModalProps) {
  const { devEui, name, generation, sessions } = device;
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = async () => {
    await deleteDevicesByDevEui({ devEui });
    await navigate("/devices", { replace: true });
    forgetDeleted(client, ["devices", devEui]);
    void client.invalidateQueries({ queryKey: ["devices", "list"] });
    notifyDone(`${devEui} is deleted`);
  };
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title="Delete the device"
      action={`Delete ${devEui}`}
      typed={devEui}
      onConfirm={remove}
    >
      <Text size="sm">
        {name === "" ? devEui : `${devEui} (${name})`} is erased with its root keys of generation{" "}
        {generation}, its {countOf(sessions.length, "session")} and the record of its updates. It
        can join no more. Its nonces stay, so that no Join-request recorded before is accepted
        should it be created again.
      </Text>
    </ConfirmModal>
  );
}
