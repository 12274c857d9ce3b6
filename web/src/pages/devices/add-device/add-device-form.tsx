import { Button, Group, NativeSelect, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { putDevicesByDevEui } from "../../../api/generated/warren-api.ts";
import { ErrorPanel } from "../../../components/error-panel.tsx";
import { notifyDone } from "../../../components/notify.ts";
import {
  bodyOf,
  type DeviceSettings,
  isHex,
  NEW_SETTINGS,
  settingsMistakes,
} from "../../../device-form/device-settings.ts";
import { notifyWarnings } from "../../../device-form/notify-warnings.ts";
import {
  areRootKeysComplete,
  NO_ROOT_KEYS,
  RootKeyFields,
  rootKeysOf,
  type TypedRootKeys,
} from "../../../device-form/root-key-fields.tsx";
import { SettingsFields } from "../../../device-form/settings-fields.tsx";
import { MAC_VERSIONS } from "../filters/device-filters.ts";

interface Identity {
  readonly devEui: string;
  readonly joinEui: string;
  readonly macVersion: string;
}

const NEW_IDENTITY: Identity = { devEui: "", joinEui: "", macVersion: "1.0.4" };

/** A new device; one with the same DevEUI that is there already is not touched. */
export function AddDeviceForm({ onClose }: { readonly onClose: () => void }) {
  const [identity, setIdentity] = useState(NEW_IDENTITY);
  const [keys, setKeys] = useState<TypedRootKeys>(NO_ROOT_KEYS);
  const [settings, setSettings] = useState<DeviceSettings>(NEW_SETTINGS);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const add = async () => {
    setBusy(true);
    setError(undefined);
    const devEui = identity.devEui.trim().toLowerCase();
    try {
      const { warnings } = await putDevicesByDevEui({
        devEui,
        ifNoneMatch: "*",
        body: {
          joinEui: identity.joinEui.trim(),
          macVersion: identity.macVersion,
          ...rootKeysOf(keys),
          ...bodyOf(settings),
        },
      });
      notifyDone(`${devEui} is added`);
      notifyWarnings(warnings);
      void client.invalidateQueries({ queryKey: ["devices", "list"] });
      onClose();
      await navigate(`/devices/${devEui}`);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void add();
  };
  return (
    <form onSubmit={onSubmit} autoComplete="off">
      <Stack gap="xs">
        <IdentityFields identity={identity} onChange={setIdentity} />
        <RootKeyFields macVersion={identity.macVersion} keys={keys} onChange={setKeys} />
        <SettingsFields
          macVersion={identity.macVersion}
          settings={settings}
          onChange={setSettings}
        />
        {error !== undefined && <ErrorPanel error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isComplete(identity, keys, settings)}>
            Add the device
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface IdentityProps {
  readonly identity: Identity;
  readonly onChange: (identity: Identity) => void;
}

function IdentityFields({ identity, onChange }: IdentityProps) {
  const { devEui, joinEui, macVersion } = identity;
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs">
      <EuiField
        label="DevEUI"
        value={devEui}
        onChange={(typed) => onChange({ ...identity, devEui: typed })}
        isFirst
      />
      <EuiField
        label={macVersion.startsWith("1.1") ? "JoinEUI" : "JoinEUI (AppEUI)"}
        value={joinEui}
        onChange={(typed) => onChange({ ...identity, joinEui: typed })}
      />
      <NativeSelect
        label="LoRaWAN version"
        data={[...MAC_VERSIONS]}
        value={macVersion}
        onChange={(event) => onChange({ ...identity, macVersion: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

interface EuiProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isFirst?: boolean;
}

function EuiField({ label, value, onChange, isFirst = false }: EuiProps) {
  return (
    <TextInput
      label={label}
      placeholder="16 hex digits"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={value === "" || isHex(value, 16) ? undefined : "16 hex digits"}
      classNames={{ input: "mono" }}
      spellCheck={false}
      data-autofocus={isFirst || undefined}
      required
    />
  );
}

function isComplete(identity: Identity, keys: TypedRootKeys, settings: DeviceSettings): boolean {
  const { devEui, joinEui, macVersion } = identity;
  const mistakes = settingsMistakes(settings);
  return (
    isHex(devEui, 16) &&
    isHex(joinEui, 16) &&
    areRootKeysComplete(macVersion, keys) &&
    mistakes.homeNetId === undefined &&
    mistakes.asId === undefined
  );
}
