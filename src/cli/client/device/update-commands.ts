import { Command } from "commander";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import { parseSuite } from "../../../root-key/suite.ts";
import type {
  DeviceView,
  StartedUpdateView,
} from "../../../server/join-server/admin/schemas/device-answers.ts";
import type {
  StuckDeviceView,
  TimelineView,
} from "../../../server/join-server/admin/schemas/update-report-schemas.ts";
import { listItems } from "../../api-client/list-pages.ts";
import { print } from "../../api-client/print.ts";
import { parsedBy, wholeNumber } from "../../options.ts";
import { addClientOptions, type ClientOptions, withApi } from "../command-group.ts";
import { parseEuiOption } from "./device-settings.ts";
import { formatStarted, formatStuckDevices, formatTimeline } from "./update-text.ts";

interface UpdateOptions extends ClientOptions {
  readonly suite?: string;
  readonly healing?: boolean;
}

export function updateCommand(): Command {
  const command = deviceCommand(
    "update",
    "Starts a root key update of a device, or hands the request of the one that waits for it over again.",
  )
    .option(
      "--suite <name>",
      "default: the suite of the device",
      parsedBy(suiteName, "use rabbit, aes-cmac or hkdf-sha256."),
    )
    .option("--healing", "with an X25519 exchange; default: as the policy of the device has it")
    .option("--no-healing", "without one");
  return addClientOptions(command).action(
    withApi(async (api, options: UpdateOptions, devEui: Eui64) => {
      const { suite, healing: isHealing } = options;
      const path = `/devices/${devEui}/root-key-update`;
      const body = { ...(suite && { suite }), ...(isHealing !== undefined && { isHealing }) };
      const started = await api.call<StartedUpdateView>("POST", path, { body });
      print(options.json, started, () => formatStarted(devEui, started));
    }),
  );
}

export function abortUpdateCommand(): Command {
  const command = deviceCommand(
    "abort-update",
    "Ends the root key update of a device that is under way. The device keeps its current root keys.",
  );
  return addClientOptions(command).action(
    withApi(async (api, options: ClientOptions, devEui: Eui64) => {
      const device = await api.call<DeviceView>("DELETE", `/devices/${devEui}/root-key-update`);
      print(options.json, device, () => `update ${device.lastUpdateId} of ${devEui} is aborted`);
    }),
  );
}

interface TimelineOptions extends ClientOptions {
  readonly limit: number;
}

export function timelineCommand(): Command {
  const command = deviceCommand(
    "timeline",
    "Shows how root key updates of a device went: its generations, and each attempt with its steps.",
  ).option("--limit <n>", "attempts at most", wholeNumber(1, 1_000), 10);
  return addClientOptions(command).action(
    withApi(async (api, options: TimelineOptions, devEui: Eui64) => {
      const path = `/devices/${devEui}/root-key-updates`;
      const timeline = await api.get<TimelineView>(path, { limit: options.limit });
      print(options.json, timeline, () => formatTimeline(timeline));
    }),
  );
}

interface StuckOptions extends ClientOptions {
  readonly limit: number;
  readonly waitingSeconds: number;
}

export function stuckCommand(): Command {
  const command = new Command("stuck")
    .description("Lists devices whose root key updates need a hand, with what to do.")
    .option(
      "--waiting-seconds <s>",
      "how long an update may rest before it counts as stuck",
      wholeNumber(0, 1_000_000_000),
      21_600,
    )
    .option("--limit <n>", "how many at most", wholeNumber(1, 1_000_000), 100);
  return addClientOptions(command).action(
    withApi(async (api, options: StuckOptions) => {
      const { limit, waitingSeconds } = options;
      const request = { query: { waitingSeconds }, limit };
      const devices = await listItems<StuckDeviceView>(
        api,
        "/reports/stuck-devices",
        "devices",
        request,
      );
      print(options.json, devices, () => formatStuckDevices(devices));
    }),
  );
}

/** The server knows which suites it offers; a name that nobody knows is refused here. */
function suiteName(text: string): string {
  parseSuite(text);
  return text;
}

function deviceCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<DevEUI>", "the device", parseEuiOption);
}
