import { Command } from "commander";
import { type JoinEuiRange, parseJoinEuiRange } from "../../join-server/join-eui-range.ts";
import { listItems } from "../api-client/list-pages.ts";
import { print } from "../api-client/print.ts";
import { parsedBy } from "../options.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "./command-group.ts";

/** `warren join-eui`: which JoinEUIs the Join Server answers for. */
export function joinEuiCommand(): Command {
  return commandGroup("join-eui", "JoinEUIs that a Join Server answers for.", [
    listCommand(),
    addCommand(),
    removeCommand(),
  ]);
}

function listCommand(): Command {
  const command = new Command("list").description(
    "Lists the ranges. Without any, every JoinEUI is served.",
  );
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions) => {
      const ranges = await listItems<JoinEuiRange>(api, "/join-eui-ranges", "joinEuiRanges", {});
      print(json, ranges, () =>
        ranges.length === 0
          ? "no ranges: every JoinEUI is served"
          : ranges.map(({ first, prefixLengthBits }) => `${first}/${prefixLengthBits}`).join("\n"),
      );
    }),
  );
}

function addCommand(): Command {
  const command = rangeCommand("add", "Serves the JoinEUIs of a range.");
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, range: JoinEuiRange) => {
      const put = await api.call<JoinEuiRange>("PUT", pathOf(range));
      print(json, put, () => `JoinEUIs ${put.first}/${put.prefixLengthBits} are served`);
    }),
  );
}

function removeCommand(): Command {
  const command = rangeCommand(
    "remove",
    "Serves the JoinEUIs of a range no longer. When the last range is removed every JoinEUI is served.",
  );
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, range: JoinEuiRange) => {
      await api.call("DELETE", pathOf(range));
      print(json, range, () => `range ${range.first}/${range.prefixLengthBits} is removed`);
    }),
  );
}

function rangeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument(
      "<range>",
      "first JoinEUI and length of the prefix, such as 70b3d57ed0000000/40",
      parsedBy(parseJoinEuiRange, "a range looks like 70b3d57ed0000000/40."),
    );
}

function pathOf({ first, prefixLengthBits }: JoinEuiRange): string {
  return `/join-eui-ranges/${first}/${prefixLengthBits}`;
}
