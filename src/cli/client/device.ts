import type { Command } from "commander";
import { commandGroup } from "./command-group.ts";
import {
  changeCommand,
  createCommand,
  deleteCommand,
  listCommand,
  resetNoncesCommand,
  showCommand,
} from "./device/device-commands.ts";
import { identifyCommand } from "./device/identify-command.ts";
import { qrCommand } from "./device/qr-command.ts";
import {
  abortUpdateCommand,
  stuckCommand,
  timelineCommand,
  updateCommand,
} from "./device/update-commands.ts";

/** `warren device`: one device at a time. */
export function deviceCommand(): Command {
  return commandGroup("device", "Devices of a Join Server.", [
    listCommand(),
    showCommand(),
    createCommand(),
    changeCommand(),
    deleteCommand(),
    resetNoncesCommand(),
    updateCommand(),
    abortUpdateCommand(),
    timelineCommand(),
    stuckCommand(),
    identifyCommand(),
    qrCommand(),
  ]);
}
