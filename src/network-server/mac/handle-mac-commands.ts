import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import {
  decodeMacCommands,
  encodeMacCommands,
  type ProprietaryMacCommand,
} from "../../lorawan/mac-commands/mac-commands.ts";
import type { UplinkMacCommand } from "../../lorawan/mac-commands/uplink.ts";
import { ROOT_KEY_UPLINK_COMMANDS } from "../../root-key/mac-commands.ts";
import type { Device } from "../session/device.ts";
import { takeDeviceStatus } from "./device-status.ts";
import { answerDeviceTime } from "./device-time.ts";
import { answerLinkCheck } from "./link-check.ts";
import type { MacContext, MacOutcome } from "./mac-context.ts";
import { settleRejoinParameters } from "./rejoin-commands.ts";
import { answerRekeyInd } from "./rekey.ts";
import { answerResetInd } from "./reset.ts";
import { settleRootKeyCommand } from "./root-key-commands.ts";

export type UplinkCommand = UplinkMacCommand | ProprietaryMacCommand;

/** What the MAC commands of one uplink lead to. */
export interface MacOutcomes {
  readonly device: Device;
  /** Encoded answers, one command each, in the order of the questions. */
  readonly answers: readonly Uint8Array[];
  /** Octets for the Join Server, command identifier included. */
  readonly rootKeyCommands: readonly Uint8Array[];
}

/**
 * The commands of an uplink in clear; an unknown one ends the reading (LoRaWAN 1.1 §5, last note).
 *
 * @param knowsRootKeys whether root key commands are known ones
 */
export function decodeUplinkCommands(
  octets: Uint8Array,
  knowsRootKeys: boolean,
): readonly UplinkCommand[] {
  if (octets.length === 0) return [];
  const proprietary = knowsRootKeys ? ROOT_KEY_UPLINK_COMMANDS : [];
  return decodeMacCommands("up", octets, { proprietary }).commands;
}

/** Lets every command of an uplink change the device and say what goes down. */
export function handleMacCommands(
  device: Device,
  commands: readonly UplinkCommand[],
  context: MacContext,
): MacOutcomes {
  const answers: Uint8Array[] = [];
  const rootKeyCommands: Uint8Array[] = [];
  let changed = device;
  for (const command of commands) {
    if (command.name === "Proprietary") {
      const octets = Uint8Array.of(command.cid, ...command.payload);
      rootKeyCommands.push(octets);
      changed = settleRootKeyCommand(changed, octets);
      continue;
    }
    const outcome = handleMacCommand(changed, command, context);
    changed = outcome.device;
    if (outcome.answer !== undefined) answers.push(encodeMacCommands([outcome.answer]));
  }
  return { device: changed, answers, rootKeyCommands };
}

function handleMacCommand(
  device: Device,
  command: UplinkMacCommand,
  context: MacContext,
): MacOutcome {
  switch (command.name) {
    case "LinkCheckReq":
      return { device, answer: answerLinkCheck(context) };
    case "DeviceTimeReq":
      return { device, answer: answerDeviceTime(context) };
    case "DevStatusAns":
      return { device: takeDeviceStatus(device, command, context.uplink.receivedAt) };
    case "RejoinParamSetupAns":
      return { device: settleRejoinParameters(device) };
    case "RekeyInd":
      return withAnswer(device, answerRekeyInd(device, context.session, command.minor));
    case "ResetInd":
      return withAnswer(device, answerResetInd(device, context.session, command.minor));
    default:
      // Answers to commands this server does not send.
      return { device };
  }
}

function withAnswer(device: Device, answer: DownlinkMacCommand | undefined): MacOutcome {
  return answer === undefined ? { device } : { device, answer };
}
