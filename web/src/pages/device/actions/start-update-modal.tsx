import { NativeSelect, Radio, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import {
  type Device,
  postDevicesByDevEuiRootKeyUpdate,
} from "../../../api/generated/warren-api.ts";
import { notifyDone } from "../../../components/notify.ts";
import { SUITES } from "../../../device-form/device-settings.ts";
import { isUnderWay } from "../use-device.ts";
import { ActionModal } from "./action-modal.tsx";

interface Props {
  readonly device: Device;
  readonly onClose: () => void;
}

type Kind = "policy" | "plain" | "healing";

/** Starts an update, or hands the request of the one under way over once more. */
export function StartUpdateModal({ device, onClose }: Props) {
  const { devEui } = device;
  const [suite, setSuite] = useState("");
  const [kind, setKind] = useState<Kind>("policy");
  const isAgain = isUnderWay(device);
  const start = async () => {
    const { updateId, isNew, isDelivered } = await postDevicesByDevEuiRootKeyUpdate({
      devEui,
      body: {
        ...(suite !== "" && { suite }),
        ...(kind !== "policy" && { isHealing: kind === "healing" }),
      },
    });
    if (isDelivered) notifyDone(isNew ? `Update ${updateId} has started` : "Handed over again");
    else notifyUndelivered(updateId);
  };
  return (
    <ActionModal
      devEui={devEui}
      title={isAgain ? "Ask again" : "Start a root key update"}
      onClose={onClose}
      action={isAgain ? "Ask again" : "Start the update"}
      onSend={start}
    >
      <Text size="sm">
        {isAgain
          ? `The request of update ${device.update?.updateId} is handed over once more to the server that carries it. No second update is started.`
          : `${devEui} gets new root keys. The server that carries the update sends the request with its next downlink, so it begins after the next uplink of the device.`}
      </Text>
      {!isAgain && (
        <Stack gap="sm">
          <Radio.Group label="Kind" value={kind} onChange={(value) => setKind(value as Kind)}>
            <Stack gap={6} mt={4}>
              <Radio value="policy" label="As the policy of the device says" />
              <Radio
                value="plain"
                label="Plain"
                description="Who takes the new keys cannot compute the old ones. Least time on the air."
              />
              <Radio
                value="healing"
                label="Healing, with an X25519 exchange"
                description="Also shuts out who has the old keys and only listens. Takes more time on the air."
              />
            </Stack>
          </Radio.Group>
          <NativeSelect
            label="Suite"
            description="that derives the new keys"
            value={suite}
            onChange={(event) => setSuite(event.currentTarget.value)}
            data={[
              { value: "", label: `as the device has it (${device.suite})` },
              ...SUITES.map((name) => ({ value: name, label: name })),
            ]}
          />
        </Stack>
      )}
    </ActionModal>
  );
}

function notifyUndelivered(updateId: number): void {
  notifications.show({
    color: "orange",
    title: `Update ${updateId} waits`,
    message:
      "The server that carries it could not be reached. Look at that server and at its record; the request is handed over again by itself.",
    autoClose: false,
  });
}
