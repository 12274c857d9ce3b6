import { useState } from "react";
import { type Device, patchDevicesByDevEui } from "../../../api/generated/warren-api.ts";
import { notifyDone } from "../../../components/notify.ts";
import { bodyOf, settingsMistakes, settingsOf } from "../../../device-form/device-settings.ts";
import { notifyWarnings } from "../../../device-form/notify-warnings.ts";
import { SettingsFields } from "../../../device-form/settings-fields.tsx";
import { ActionModal } from "./action-modal.tsx";

interface Props {
  readonly device: Device;
  readonly onClose: () => void;
}

/** What can be changed without touching keys. */
export function EditSettingsModal({ device, onClose }: Props) {
  const { devEui, macVersion } = device;
  const [settings, setSettings] = useState(() => settingsOf(device));
  const mistakes = settingsMistakes(settings);
  const save = async () => {
    const { warnings } = await patchDevicesByDevEui({ devEui, body: bodyOf(settings) });
    notifyWarnings(warnings);
    notifyDone("The settings are changed");
  };
  return (
    <ActionModal
      devEui={devEui}
      title={`Settings of ${devEui}`}
      onClose={onClose}
      action="Change the settings"
      canSend={mistakes.homeNetId === undefined && mistakes.asId === undefined}
      onSend={save}
    >
      <SettingsFields macVersion={macVersion} settings={settings} onChange={setSettings} />
    </ActionModal>
  );
}
