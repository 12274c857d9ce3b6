import {
  Autocomplete,
  Checkbox,
  NativeSelect,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type DeviceSettings, SUITES, settingsMistakes } from "./device-settings.ts";
import { TagFields } from "./tag-fields.tsx";
import { useKnownNames } from "./use-known-names.ts";

interface Props {
  readonly macVersion: string;
  readonly settings: DeviceSettings;
  readonly onChange: (settings: DeviceSettings) => void;
}

const CARRIERS = [
  { value: "automatic", label: "automatic" },
  { value: "mac-commands", label: "MAC commands" },
  { value: "application-port", label: "application port" },
] as const;

/** The settings of a device that can be changed at any time. */
export function SettingsFields({ macVersion, settings, onChange }: Props) {
  const { netIds, asIds, deviceProfiles } = useKnownNames(true);
  const mistakes = settingsMistakes(settings);
  const set = (change: Partial<DeviceSettings>) => onChange({ ...settings, ...change });
  const isOld = !macVersion.startsWith("1.1");
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <Autocomplete
          label="Home NetID"
          description="of the Network Server that may ask for it"
          placeholder="000013"
          data={netIds}
          value={settings.homeNetId}
          onChange={(homeNetId) => set({ homeNetId })}
          error={settings.homeNetId === "" ? undefined : mistakes.homeNetId}
          classNames={{ input: "mono" }}
          required
        />
        <Autocomplete
          label="AS-ID"
          description="of the Application Server with its data"
          data={asIds}
          value={settings.asId}
          onChange={(asId) => set({ asId })}
          error={settings.asId === "" ? undefined : mistakes.asId}
          required
        />
        <TextInput
          label="Name"
          description="for people"
          value={settings.name}
          maxLength={128}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Autocomplete
          label="Device profile"
          description="whose update policy holds"
          data={deviceProfiles}
          value={settings.deviceProfile}
          maxLength={64}
          onChange={(deviceProfile) => set({ deviceProfile })}
        />
        <NativeSelect
          label="Suite"
          description="that derives new root keys"
          data={
            SUITES.includes(settings.suite as never) ? [...SUITES] : [settings.suite, ...SUITES]
          }
          value={settings.suite}
          onChange={(event) => set({ suite: event.currentTarget.value })}
        />
        <NativeSelect
          label="Carrier"
          description="of the messages of an update"
          data={[...CARRIERS]}
          value={settings.carrier}
          onChange={(event) =>
            set({ carrier: event.currentTarget.value as DeviceSettings["carrier"] })
          }
        />
      </SimpleGrid>
      <Textarea
        label="Description"
        value={settings.description}
        maxLength={2_000}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <TagFields tags={settings.tags} onChange={(tags) => set({ tags })} />
      {isOld && (
        <Checkbox
          label="Accept a Join-request with another AppEUI than its own"
          checked={settings.allowsForeignJoinEui}
          onChange={(event) => set({ allowsForeignJoinEui: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
