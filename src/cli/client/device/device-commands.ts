import { Command } from "commander";
import { exportAes128Key } from "../../../crypto/aes128.ts";
import { parseVersionName } from "../../../device-files/version-name.ts";
import { formatHex } from "../../../lorawan/hex.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { DeviceView } from "../../../server/join-server/admin/schemas/device-answers.ts";
import { listItems } from "../../api-client/list-pages.ts";
import { print } from "../../api-client/print.ts";
import { usageError } from "../../connections/secret-options.ts";
import { parsedBy, wholeNumber } from "../../options.ts";
import { addClientOptions, type ClientOptions, withApi } from "../command-group.ts";
import { readKeyFile } from "../keys/secret-files.ts";
import {
  addSettingsOptions,
  type DeviceSettingsOptions,
  parseEuiOption,
  settingsOf,
} from "./device-settings.ts";
import { formatDeviceTable, formatDeviceText } from "./device-text.ts";

interface ListOptions extends ClientOptions {
  readonly limit: number;
  readonly prefix?: string;
  readonly joinEui?: Eui64;
  readonly homeNetId?: string;
  readonly asId?: string;
  readonly deviceProfile?: string;
  readonly text?: string;
}

export function listCommand(): Command {
  const command = new Command("list")
    .description("Lists devices in the order of their DevEUI.")
    .option("--limit <n>", "how many at most", wholeNumber(1, 1_000_000), 100)
    .option("--prefix <hex>", "first digits of the DevEUI")
    .option("--join-eui <eui>", "their JoinEUI", parseEuiOption)
    .option("--home-net-id <NetID>", "NetID of their Network Server")
    .option("--as-id <text>", "AS-ID of their Application Server")
    .option("--device-profile <name>", "the device profile they name; empty for none")
    .option("--text <text>", "part of the name, the description or a tag");
  return addClientOptions(command).action(
    withApi(async (api, options: ListOptions) => {
      const { limit, prefix, joinEui, homeNetId, asId, deviceProfile, text } = options;
      const query = { devEuiPrefix: prefix, joinEui, homeNetId, asId, deviceProfile, text };
      const devices = await listItems<DeviceView>(api, "/devices", "devices", { query, limit });
      print(options.json, devices, () => formatDeviceTable(devices));
    }),
  );
}

export function showCommand(): Command {
  return addClientOptions(
    deviceCommand("show", "Shows a device; fingerprints for its keys."),
  ).action(
    withApi(async (api, options: ClientOptions, devEui: Eui64) => {
      printDevice(options, await api.get<DeviceView>(`/devices/${devEui}`));
    }),
  );
}

interface CreateOptions extends ClientOptions, DeviceSettingsOptions {
  readonly joinEui: Eui64;
  readonly macVersion: string;
  readonly nwkKeyFile?: string;
  readonly appKeyFile?: string;
}

export function createCommand(): Command {
  const command = deviceCommand(
    "create",
    "Registers a device. A 1.0.x device has an AppKey (--app-key-file), a 1.1 device NwkKey and AppKey. " +
      "Keys are read from files, as 32 hex digits, or from standard input (-).",
  )
    .requiredOption("--join-eui <eui>", "its JoinEUI", parseEuiOption)
    .requiredOption(
      "--mac-version <version>",
      "its LoRaWAN version",
      parsedBy(parseVersionName, "use 1.0, 1.0.1, 1.0.2, 1.0.3, 1.0.4 or 1.1."),
    )
    .option("--app-key-file <file>", "file with its AppKey")
    .option("--nwk-key-file <file>", "1.1: file with its NwkKey");
  return addClientOptions(addSettingsOptions(command)).action(
    withApi(async (api, options: CreateOptions, devEui: Eui64) => {
      const { joinEui, macVersion } = options;
      if (options.homeNetId === undefined || options.asId === undefined) {
        usageError(command, "a new device needs --home-net-id and --as-id");
      }
      if ((options.appKeyFile ?? options.nwkKeyFile) === undefined) {
        usageError(
          command,
          "a new device needs its root key: --app-key-file, for 1.1 --nwk-key-file too",
        );
      }
      const body = { joinEui, macVersion, ...settingsOf(options), ...keysOf(options) };
      printDevice(options, await api.call<DeviceView>("PUT", `/devices/${devEui}`, { body }));
    }),
  );
}

export function changeCommand(): Command {
  const command = deviceCommand("change", "Changes settings of a device; what is not given stays.");
  return addClientOptions(addSettingsOptions(command)).action(
    withApi(async (api, options: ClientOptions & DeviceSettingsOptions, devEui: Eui64) => {
      const body = settingsOf(options);
      printDevice(options, await api.call<DeviceView>("PATCH", `/devices/${devEui}`, { body }));
    }),
  );
}

export function deleteCommand(): Command {
  const command = deviceCommand(
    "delete",
    "Erases a device with its keys. Its nonces stay, so that a device created anew under the same DevEUI " +
      "cannot be made to accept an old Join-request.",
  );
  return addClientOptions(command).action(
    withApi(async (api, options: ClientOptions, devEui: Eui64) => {
      await api.call("DELETE", `/devices/${devEui}`);
      print(options.json, { devEui }, () => `device ${devEui} is deleted`);
    }),
  );
}

interface ResetOptions extends ClientOptions {
  readonly reason: string;
  readonly force: boolean;
}

export function resetNoncesCommand(): Command {
  const command = deviceCommand(
    "reset-nonces",
    "Forgets DevNonces and RJcount1 of a device that starts them anew, as after its memory was erased. " +
      "JoinNonce goes on. Refused while old Join-requests of the device could be replayed, unless forced.",
  )
    .requiredOption("--reason <text>", "why, for the audit log")
    .option("--force", "although old Join-requests could be replayed", false);
  return addClientOptions(command).action(
    withApi(async (api, options: ResetOptions, devEui: Eui64) => {
      const { reason, force } = options;
      const path = `/devices/${devEui}/nonce-reset`;
      const device = await api.call<DeviceView>("POST", path, { body: { reason, force } });
      print(options.json, device, () => `the DevNonces of ${devEui} are forgotten`);
    }),
  );
}

function deviceCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<DevEUI>", "the device", parseEuiOption);
}

function keysOf({ macVersion, appKeyFile, nwkKeyFile }: CreateOptions): object {
  const appKey = hexOfFile("--app-key-file", appKeyFile);
  const nwkKey = hexOfFile("--nwk-key-file", nwkKeyFile);
  // The API has the AppKey of a 1.0.x device in the place of the NwkKey.
  if (!macVersion.startsWith("1.1") && nwkKey === undefined) return { nwkKey: appKey };
  return { nwkKey, appKey };
}

function hexOfFile(option: string, file: string | undefined): string | undefined {
  const key = file === undefined ? undefined : readKeyFile(option, file);
  return key === undefined ? undefined : formatHex(exportAes128Key(key));
}

function printDevice({ json }: ClientOptions, device: DeviceView): void {
  print(json, device, () => formatDeviceText(device));
}
