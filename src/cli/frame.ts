import { Command } from "commander";
import type { Direction } from "../lorawan/direction.ts";
import type {
  ExplainContext,
  JsonObject,
  JsonValue,
} from "../lorawan/explain/frame-explanation.ts";
import { explainFrame } from "../lorawan/explain-frame.ts";
import { formatHex, parseHex } from "../lorawan/hex.ts";
import { type Eui64, parseEui64 } from "../lorawan/identifiers.ts";
import {
  explainMacCommands,
  type MacCommandExplanation,
} from "../lorawan/mac-commands/mac-commands.ts";
import { isLorawan11, type MacVersion, parseMacVersion } from "../lorawan/mac-version.ts";
import { ROOT_KEY_DOWNLINK_COMMANDS, ROOT_KEY_UPLINK_COMMANDS } from "../root-key/mac-commands.ts";
import { decodeRootKeyDownlink, decodeRootKeyUplink } from "../root-key/messages.ts";
import { addSecretOption, readKey, SECRET_HELP, usageError } from "./connections/secret-options.ts";
import { formatExplanation } from "./frame/frame-text.ts";
import { parsedBy, wholeNumber } from "./options.ts";

interface FrameOptions {
  readonly joinEui?: Eui64;
  readonly devEui?: Eui64;
  readonly devNonce?: number;
  readonly fCnt?: number;
  readonly confFCnt?: number;
  readonly txDr?: number;
  readonly txCh?: number;
  readonly macVersion?: MacVersion;
  readonly json?: boolean;
}

/** `warren frame`: explains frames. */
export function frameCommand(): Command {
  return new Command("frame").helpCommand(false).addCommand(decodeCommand());
}

function decodeCommand(): Command {
  const command = new Command("decode")
    .summary("explain any PHYPayload")
    .description(
      "Explains a PHYPayload: every field by the name the specification gives it; with keys, whether " +
        "the MIC is right and what is encrypted; MAC commands, also those of the root key update.",
    )
    .argument("<hex>", "the PHYPayload in hex, as on air")
    .option("--json", "print JSON");
  addKeyOptions(command);
  addContextOptions(command);
  return command.addHelpText("after", SECRET_HELP).action((hex: string, options: FrameOptions) => {
    const explanation = explainFrame(parseHex(hex), contextOf(command, options));
    console.log(
      options.json ? JSON.stringify(explanation, null, 2) : formatExplanation(explanation),
    );
  });
}

function addKeyOptions(command: Command): void {
  const root = "Root keys, for joins:";
  addSecretOption(command, "nwk-key", "NwkKey of a 1.1 device", root);
  addSecretOption(command, "app-key", "AppKey of a 1.0.x device", root);
  addSecretOption(command, "js-int-key", "JSIntKey of 1.1, in place of NwkKey", root);
  addSecretOption(command, "js-enc-key", "JSEncKey of 1.1, in place of NwkKey", root);
  const session = "Session keys, for data frames:";
  addSecretOption(command, "nwk-s-key", "NwkSKey of 1.0.x", session);
  addSecretOption(command, "f-nwk-s-int-key", "FNwkSIntKey of 1.1", session);
  addSecretOption(command, "s-nwk-s-int-key", "SNwkSIntKey of 1.1, also for rejoins", session);
  addSecretOption(command, "nwk-s-enc-key", "NwkSEncKey of 1.1", session);
  addSecretOption(command, "app-s-key", "AppSKey", session);
}

function addContextOptions(command: Command): void {
  const parseCounter = wholeNumber(0, 2 ** 32 - 1);
  const parseEui = parsedBy(parseEui64, "16 hex digits, most significant byte first.");
  const parseVersion = parsedBy(parseMacVersion, "use 1.0, 1.0.1, 1.0.2, 1.0.3, 1.0.4 or 1.1.");
  command
    .optionsGroup("What else is known:")
    .option("--mac-version <version>", "1.0 to 1.1; without it the keys tell", parseVersion)
    .option("--f-cnt <n>", "the full 32-bit counter, if above 65535", parseCounter)
    .option("--conf-f-cnt <n>", "1.1: counter of the frame acknowledged", parseCounter)
    .option("--tx-dr <n>", "1.1 uplink: index of its data rate", wholeNumber(0, 255))
    .option("--tx-ch <n>", "1.1 uplink: index of its channel", wholeNumber(0, 255))
    .option("--dev-eui <eui>", "1.1 Join-accept: DevEUI of the device", parseEui)
    .option("--join-eui <eui>", "1.1 Join-accept: JoinEUI of the request", parseEui)
    .option(
      "--dev-nonce <n>",
      "1.1 Join-accept: DevNonce or RJcount of it",
      wholeNumber(0, 0xffff),
    );
}

function contextOf(command: Command, options: FrameOptions): ExplainContext {
  const { joinEui, devEui, devNonce, macVersion } = options;
  const nwkKey = readKey(command, "nwk-key");
  const appKey = readKey(command, "app-key");
  // A 1.0.x device has an AppKey alone, which many servers call NwkKey.
  const is10 = macVersion !== undefined && !isLorawan11(macVersion);
  const rootKey = is10 ? (appKey ?? nwkKey) : (nwkKey ?? appKey);
  const jsIntKey = readKey(command, "js-int-key");
  const jsEncKey = readKey(command, "js-enc-key");
  const session = sessionOf(command, options);
  return {
    ...present({ rootKey, jsIntKey, jsEncKey, joinEui, devEui, devNonce, session }),
    explainMacCommands: explainCommands,
  };
}

/** The session as far as the options tell of one; without a version 1.1 if there is a key of 1.1. */
function sessionOf(command: Command, options: FrameOptions): ExplainContext["session"] {
  const { macVersion, fCnt } = options;
  const appSKey = readKey(command, "app-s-key");
  const keysOf10 = { nwkSKey: readKey(command, "nwk-s-key") };
  const keysOf11 = {
    fNwkSIntKey: readKey(command, "f-nwk-s-int-key"),
    sNwkSIntKey: readKey(command, "s-nwk-s-int-key"),
    nwkSEncKey: readKey(command, "nwk-s-enc-key"),
  };
  const is11 = macVersion === undefined ? hasAny(keysOf11) : isLorawan11(macVersion);
  if (is11 && hasAny(keysOf10)) usageError(command, "--nwk-s-key is a key of 1.0.x");
  if (!is11 && hasAny(keysOf11)) {
    usageError(command, "--f-nwk-s-int-key, --s-nwk-s-int-key and --nwk-s-enc-key are keys of 1.1");
  }
  if (!(is11 || hasAny({ macVersion, appSKey, fCnt, ...keysOf10 }))) return undefined;
  const shared = present({ appSKey, fCnt32: fCnt });
  if (!is11) return { version: "1.0", ...shared, ...present(keysOf10) };
  const { confFCnt, txDr, txCh } = options;
  return { version: "1.1", ...shared, ...present({ ...keysOf11, confFCnt, txDr, txCh }) };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value. */
function present<T extends Record<string, unknown>>(members: T): Present<T> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}

function hasAny(members: Record<string, unknown>): boolean {
  return Object.values(members).some((value) => value !== undefined);
}

/** The standard commands and those of the root key update, whose fields are read as well. */
function explainCommands(octets: Uint8Array, direction: Direction): JsonValue {
  const proprietary = direction === "up" ? ROOT_KEY_UPLINK_COMMANDS : ROOT_KEY_DOWNLINK_COMMANDS;
  return explainMacCommands(direction, octets, { proprietary }).map((command): JsonObject => {
    const isRootKeyCommand = proprietary.some(({ name }) => name === command.name);
    const fields = isRootKeyCommand ? rootKeyFields(command, direction) : {};
    return { ...(command as JsonObject), ...fields };
  });
}

function rootKeyFields({ hex }: MacCommandExplanation, direction: Direction): JsonObject {
  const decode = direction === "up" ? decodeRootKeyUplink : decodeRootKeyDownlink;
  try {
    const { command: _command, ...fields } = decode(parseHex(hex));
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === "number" ? value : formatHex(value),
      ]),
    );
  } catch {
    // Of the right length, with a value nobody knows: the hex says it all.
    return {};
  }
}
