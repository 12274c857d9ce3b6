import { Alert, Checkbox, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { type Device, postDevicesByDevEuiNonceReset } from "../../../api/generated/warren-api.ts";
import { notifyDone } from "../../../components/notify.ts";
import { ActionModal } from "./action-modal.tsx";

interface Props {
  readonly device: Device;
  readonly onClose: () => void;
}

/** Forgets the DevNonces of a device that counts from 0 again. */
export function NonceResetModal({ device: { devEui, lastDevNonce }, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [isForced, setForced] = useState(false);
  const reset = async () => {
    await postDevicesByDevEuiNonceReset({
      devEui,
      body: { reason: reason.trim(), force: isForced },
    });
    notifyDone(`The nonces of ${devEui} are forgotten`);
  };
  return (
    <ActionModal
      devEui={devEui}
      title="Reset the nonces"
      onClose={onClose}
      action={`Reset the nonces of ${devEui}`}
      isDestructive
      canSend={reason.trim() !== ""}
      onSend={reset}
    >
      <Text size="sm">
        For a device whose DevNonces start again and that is refused for it (dev-nonce-replayed).
        Safer, in this order: let it count on{" "}
        {lastDevNonce === null ? "with DevNonces not used yet" : `above ${lastDevNonce}`}, or give
        it new root keys and forget its nonces in the same step.
      </Text>
      <Alert color="orange" variant="light" title="With the same keys, old joins can be replayed">
        Whoever recorded its Join-requests can send each of them once more. That ends its session
        and uses up a JoinNonce; a 1.0.x device can be kept from its network so.
      </Alert>
      <TextInput
        label="Reason, for the audit log"
        placeholder="flash erased in service, same keys"
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Checkbox
        label="Reset although it has had no new NwkKey since its last join"
        description="Without this, the server refuses what could be replayed."
        checked={isForced}
        onChange={(event) => setForced(event.currentTarget.checked)}
      />
    </ActionModal>
  );
}
