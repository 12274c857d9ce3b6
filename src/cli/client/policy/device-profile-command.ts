import { Command } from "commander";
import { WarrenError } from "../../../errors.ts";
import type { DeviceProfileView } from "../../../server/join-server/policies/policy-schemas.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { listItems } from "../../api-client/list-pages.ts";
import { type Column, formatTable, print } from "../../api-client/print.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "../command-group.ts";
import { addCostOptions } from "./cost-options.ts";
import { addPolicyOptions, changePolicy } from "./policy-options.ts";
import { formatCost, formatPolicy } from "./policy-text.ts";
import { addYesOption, isCostAccepted, type SetOptions } from "./set-policy.ts";

type ListedProfile = Omit<DeviceProfileView, "effective" | "cost">;

const COLUMNS: readonly Column<ListedProfile>[] = [
  { heading: "Name", text: ({ name }) => name },
  { heading: "Description", text: ({ description }) => description },
  { heading: "Policy", text: ({ updatePolicy }) => JSON.stringify(updatePolicy) },
];

/** `warren device-profile`: devices of one kind, with what their updates have in common. */
export function deviceProfileCommand(): Command {
  return commandGroup("device-profile", "Devices of one kind, and when they get new root keys.", [
    listCommand(),
    showCommand(),
    setCommand(),
    deleteCommand(),
  ]);
}

function listCommand(): Command {
  return addClientOptions(new Command("list").description("Lists the device profiles.")).action(
    withApi(async (api, { json }: ClientOptions) => {
      const path = "/device-profiles";
      const profiles = await listItems<ListedProfile>(api, path, "deviceProfiles", {});
      print(json, profiles, () =>
        profiles.length === 0 ? "no device profiles" : formatTable(COLUMNS, profiles),
      );
    }),
  );
}

function showCommand(): Command {
  const command = namedCommand("show", "Shows a device profile, and what its updates cost.");
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, name: string) => {
      const shown = await api.get<DeviceProfileView>(pathOf(name));
      const { description, effective, cost } = shown;
      print(json, shown, () =>
        [
          ...(description === "" ? [] : [description, ""]),
          formatPolicy(effective, originsOf(shown)),
          "",
          formatCost(cost),
        ].join("\n"),
      );
    }),
  );
}

interface SetProfileOptions extends SetOptions {
  readonly description?: string;
}

function setCommand(): Command {
  const command = namedCommand(
    "set",
    "Adds a device profile, or changes what is given. Shows first what its updates cost, and asks.",
  ).option("--description <text>", "description for people");
  addYesOption(addCostOptions(addPolicyOptions(command)));
  return addClientOptions(command).action(
    withApi(async (api, options: SetProfileOptions, name: string) => {
      const before = await findProfile(api, name);
      const updatePolicy = changePolicy(before?.updatePolicy ?? {}, options);
      const given = { policy: updatePolicy, level: "device-profile" } as const;
      if (!(await isCostAccepted(command, api, options, given))) return;
      const description = options.description ?? before?.description ?? "";
      const body = { description, updatePolicy };
      const set = await api.call<DeviceProfileView>("PUT", pathOf(name), { body });
      print(options.json, set, () => formatPolicy(set.effective, originsOf(set)));
    }),
  );
}

function deleteCommand(): Command {
  const command = namedCommand(
    "delete",
    "Deletes a device profile: for devices that name it, the policy of all devices holds.",
  );
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, name: string) => {
      await api.call("DELETE", pathOf(name));
      print(json, { name }, () => `${name} is deleted`);
    }),
  );
}

async function findProfile(api: ApiClient, name: string): Promise<DeviceProfileView | undefined> {
  try {
    return await api.get<DeviceProfileView>(pathOf(name));
  } catch (error) {
    if (error instanceof WarrenError && error.code === "resource-unknown") return undefined;
    throw error;
  }
}

/** Only what the profile says itself is marked. */
function originsOf({ updatePolicy }: DeviceProfileView): Record<string, string> {
  return Object.fromEntries(Object.keys(updatePolicy).map((name) => [name, "device-profile"]));
}

function namedCommand(name: string, description: string): Command {
  return new Command(name).description(description).argument("<name>", "its name");
}

function pathOf(name: string): string {
  return `/device-profiles/${encodeURIComponent(name)}`;
}
