import { Autocomplete, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { FORMATS } from "./source-file.ts";
import type { PeerNames } from "./use-peer-names.ts";

/** As typed; empty stands for what the file says. */
export interface TypedSettings {
  readonly format: string;
  readonly homeNetId: string;
  readonly asId: string;
  readonly joinEui: string;
  readonly macVersion: string;
}

export const NO_SETTINGS: TypedSettings = {
  format: "",
  homeNetId: "",
  asId: "",
  joinEui: "",
  macVersion: "",
};

const MAC_VERSIONS = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"];

/** What is wrong with a member, in words; undefined when nothing is. */
export function problemOf(name: keyof TypedSettings, typed: string): string | undefined {
  if (typed === "") return undefined;
  if (name === "homeNetId" && !/^[0-9a-f]{6}$/i.test(typed)) return "6 hex digits, such as 000013";
  if (name === "joinEui" && !/^[0-9a-f]{16}$/i.test(typed)) return "16 hex digits";
  if (name === "asId" && !/^[!-~]{1,64}$/.test(typed)) return "up to 64 characters without spaces";
  return undefined;
}

interface Props {
  readonly settings: TypedSettings;
  readonly onChange: (settings: TypedSettings) => void;
  readonly peers: PeerNames;
  readonly disabled: boolean;
}

/** The format, and what holds for all devices of which the file does not say it. */
export function ImportSettingsForm({ settings, onChange, peers, disabled }: Props) {
  const field = (name: keyof TypedSettings) => ({
    value: settings[name],
    error: problemOf(name, settings[name]),
    disabled,
  });
  const set = (name: keyof TypedSettings) => (value: string) =>
    onChange({ ...settings, [name]: value.trim() });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
      <NativeSelect
        label="Format"
        description="Choose it if it is detected wrongly."
        data={[{ value: "", label: "detected" }, ...FORMATS]}
        {...field("format")}
        onChange={(event) => set("format")(event.currentTarget.value)}
      />
      <Autocomplete
        label="Home NetID"
        description="The Network Server the devices belong to."
        data={[...peers.netIds]}
        {...field("homeNetId")}
        onChange={set("homeNetId")}
      />
      <Autocomplete
        label="AS-ID"
        description="The Application Server that gets their AppSKeys."
        data={[...peers.asIds]}
        {...field("asId")}
        onChange={set("asId")}
      />
      <TextInput
        label="JoinEUI"
        description="AppEUI of devices before 1.0.4."
        {...field("joinEui")}
        onChange={(event) => set("joinEui")(event.currentTarget.value)}
      />
      <NativeSelect
        label="LoRaWAN version"
        description="Decides which root keys a device has."
        data={[{ value: "", label: "as the file says" }, ...MAC_VERSIONS]}
        {...field("macVersion")}
        onChange={(event) => set("macVersion")(event.currentTarget.value)}
      />
    </SimpleGrid>
  );
}
