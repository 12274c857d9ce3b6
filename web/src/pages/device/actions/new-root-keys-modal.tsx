import { Alert, Checkbox, Text } from "@mantine/core";
import { useState } from "react";
import { type Device, putDevicesByDevEuiRootKeys } from "../../../api/generated/warren-api.ts";
import { notifyDone } from "../../../components/notify.ts";
import { notifyWarnings } from "../../../device-form/notify-warnings.ts";
import {
  areRootKeysComplete,
  NO_ROOT_KEYS,
  RootKeyFields,
  rootKeysOf,
  type TypedRootKeys,
} from "../../../device-form/root-key-fields.tsx";
import { countOf } from "../../../quantities/numbers.ts";
import { ActionModal } from "./action-modal.tsx";

interface Props {
  readonly device: Device;
  readonly onClose: () => void;
}

/** For a device that was flashed anew; nothing goes over the air. */
export function NewRootKeysModal({ device, onClose }: Props) {
  const { devEui, macVersion, generation, sessions } = device;
  const [keys, setKeys] = useState<TypedRootKeys>(NO_ROOT_KEYS);
  const [resetsDevNonces, setResets] = useState(true);
  const give = async () => {
    const { warnings } = await putDevicesByDevEuiRootKeys({
      devEui,
      body: { ...rootKeysOf(keys), resetsDevNonces },
    });
    notifyDone(`${devEui} has its new root keys, and is at generation 0`);
    notifyWarnings(warnings);
  };
  return (
    <ActionModal
      devEui={devEui}
      title="Give new root keys"
      onClose={onClose}
      action={`Replace the root keys of ${devEui}`}
      isDestructive
      canSend={areRootKeysComplete(macVersion, keys)}
      onSend={give}
    >
      <Text size="sm">
        For a device that was flashed anew, with the keys that are in it now. Nothing goes over the
        air: for that, start an update.
      </Text>
      <Alert color="orange" variant="light" title="This cannot be undone">
        The root keys of generation {generation} are erased, {countOf(sessions.length, "session")}{" "}
        end, and the device is at generation 0. JoinNonce and UpdateID go on. Never give it keys
        that it had before: Join-requests of that time could be replayed.
      </Alert>
      <RootKeyFields macVersion={macVersion} keys={keys} onChange={setKeys} />
      <Checkbox
        label="Also forget its DevNonces and RJcount1"
        description="As after flashing, when it counts from 0 again. Needs another NwkKey than it has now."
        checked={resetsDevNonces}
        onChange={(event) => setResets(event.currentTarget.checked)}
      />
    </ActionModal>
  );
}
