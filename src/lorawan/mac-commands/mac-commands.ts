import { WarrenError } from "../../errors.ts";
import type { Direction } from "../direction.ts";
import { formatHex } from "../hex.ts";
import { isSinceVersion, type MacVersion } from "../mac-version.ts";
import type { MacCommandCodec } from "./codec.ts";
import { type DownlinkMacCommand, downlinkMacCommandCodecs } from "./downlink.ts";
import { type UplinkMacCommand, uplinkMacCommandCodecs } from "./uplink.ts";

export type { Direction };

/** A command of a network's own, CID 0x80..0xFF (LoRaWAN 1.1 §5, table 4). */
export interface ProprietaryMacCommand {
  readonly name: "Proprietary";
  readonly cid: number;
  readonly payload: Uint8Array;
}

/** The standard commands of one direction. */
export interface MacCommandsByDirection {
  readonly up: UplinkMacCommand;
  readonly down: DownlinkMacCommand;
}

export type MacCommand = UplinkMacCommand | DownlinkMacCommand | ProprietaryMacCommand;

/** The length of a proprietary command, without which it and all after it could not be read. */
export interface ProprietaryMacCommandFormat {
  /** 0x80..0xFF. */
  readonly cid: number;
  /** For people; a decoded command has the name "Proprietary". */
  readonly name: string;
  /** Bytes after the command identifier. */
  readonly payloadLengthBytes: number;
}

export interface DecodeMacCommandsOptions {
  readonly proprietary?: readonly ProprietaryMacCommandFormat[];
  /** Decodes as a device of this version does: commands that came later are unknown to it. */
  readonly version?: MacVersion;
}

export interface DecodedMacCommands<D extends Direction = Direction> {
  readonly commands: readonly (MacCommandsByDirection[D] | ProprietaryMacCommand)[];
  /** Everything from the command that could not be decoded on; empty after a complete sequence. */
  readonly rest: Uint8Array;
  /** Why decoding ended. */
  readonly end: "complete" | "unknown-command" | "truncated-command";
}

/** The standard commands by direction, one row a command, by rising command identifier. */
export const macCommandCodecs: Readonly<Record<Direction, readonly MacCommandCodec[]>> = {
  up: uplinkMacCommandCodecs,
  down: downlinkMacCommandCodecs,
};

// No name occurs in both directions, so that encoding needs no direction.
const codecsByName = new Map(
  [...uplinkMacCommandCodecs, ...downlinkMacCommandCodecs].map((codec) => [codec.name, codec]),
);

type Format = Pick<MacCommandCodec, "lengthBytes"> & { decode(payload: Uint8Array): unknown };

/**
 * Decodes a sequence of MAC commands: the decrypted FOpts, or the FRMPayload of FPort 0.
 *
 * A command does not say how long it is, so an unknown one cannot be skipped: it ends the processing
 * of the sequence, and the commands before it count (LoRaWAN 1.1 §5, last note; 1.0.2 §5). The same
 * goes for one that is cut off, since a device clips answers that do not fit its frame (1.1 §5).
 *
 * @throws WarrenError `value-out-of-range` for a wrong `options.proprietary`, never for the bytes
 */
export function decodeMacCommands<D extends Direction>(
  direction: D,
  bytes: Uint8Array,
  options: DecodeMacCommandsOptions = {},
): DecodedMacCommands<D> {
  const formats = formatsByCid(direction, options);
  const commands: unknown[] = [];
  let offset = 0;
  let end: DecodedMacCommands["end"] = "complete";
  while (offset < bytes.length) {
    const format = formats.get(bytes[offset] as number);
    if (format === undefined) {
      end = "unknown-command";
      break;
    }
    const nextOffset = offset + 1 + format.lengthBytes;
    if (nextOffset > bytes.length) {
      end = "truncated-command";
      break;
    }
    commands.push(format.decode(bytes.slice(offset + 1, nextOffset)));
    offset = nextOffset;
  }
  // The rows of one direction decode to the commands of that direction.
  const ofDirection = commands as DecodedMacCommands<D>["commands"];
  return { commands: ofDirection, rest: bytes.slice(offset), end };
}

/**
 * The bytes of these commands in this order, each with its command identifier. The caller sees to it
 * that they fit: 15 bytes in FOpts.
 *
 * @throws WarrenError `value-out-of-range` for a field that does not fit or an unknown name
 */
export function encodeMacCommands(commands: readonly MacCommand[]): Uint8Array {
  return new Uint8Array(Buffer.concat(commands.map(encodeMacCommand)));
}

/** One command as JSON: `hex` has all its bytes, a last entry without fields what was not decoded. */
export interface MacCommandExplanation {
  readonly name: string;
  readonly cid: string;
  readonly hex: string;
  readonly [field: string]: unknown;
}

/**
 * What a sequence of MAC commands says, ready for `JSON.stringify`. Bytes that cannot be decoded are
 * the last entry, named "Unknown" or "Truncated".
 */
export function explainMacCommands(
  direction: Direction,
  bytes: Uint8Array,
  options: DecodeMacCommandsOptions = {},
): readonly MacCommandExplanation[] {
  const { commands, rest, end } = decodeMacCommands(direction, bytes, options);
  let offset = 0;
  const explanations = commands.map((command): MacCommandExplanation => {
    const lengthBytes = encodeMacCommand(command).length;
    const own = bytes.subarray(offset, offset + lengthBytes);
    offset += lengthBytes;
    const head = { name: command.name, cid: formatCid(own[0] as number), hex: formatHex(own) };
    if (command.name === "Proprietary") {
      const format = options.proprietary?.find(({ cid }) => cid === command.cid);
      return { ...head, name: format?.name ?? head.name };
    }
    return { ...command, ...head };
  });
  if (end !== "complete") {
    const name = end === "unknown-command" ? "Unknown" : "Truncated";
    explanations.push({ name, cid: formatCid(rest[0] as number), hex: formatHex(rest) });
  }
  return explanations;
}

function encodeMacCommand(command: MacCommand): Uint8Array {
  if (command.name === "Proprietary") {
    return Uint8Array.of(checkedProprietaryCid(command.cid), ...command.payload);
  }
  const codec = codecsByName.get(command.name);
  if (codec === undefined) {
    throw new WarrenError("value-out-of-range", `${command.name} is no MAC command`);
  }
  return Uint8Array.of(codec.cid, ...codec.encode(command));
}

function formatsByCid(
  direction: Direction,
  { proprietary = [], version = "1.1.0" }: DecodeMacCommandsOptions,
): Map<number, Format> {
  const formats = new Map<number, Format>();
  for (const codec of macCommandCodecs[direction]) {
    if (isSinceVersion(version, codec.since)) formats.set(codec.cid, codec);
  }
  for (const { cid, payloadLengthBytes } of proprietary) {
    if (!Number.isInteger(payloadLengthBytes) || payloadLengthBytes < 0) {
      throw new WarrenError(
        "value-out-of-range",
        `payloadLengthBytes must be an integer from 0, not ${payloadLengthBytes}`,
      );
    }
    formats.set(checkedProprietaryCid(cid), {
      lengthBytes: payloadLengthBytes,
      decode: (payload) => ({ name: "Proprietary", cid, payload }),
    });
  }
  return formats;
}

function checkedProprietaryCid(cid: number): number {
  if (!Number.isInteger(cid) || cid < 0x80 || cid > 0xff) {
    throw new WarrenError(
      "value-out-of-range",
      `the CID of a proprietary MAC command must be in 0x80..0xff, not ${cid}`,
    );
  }
  return cid;
}

/** A command identifier for people. */
export function formatCid(cid: number): string {
  return `0x${cid.toString(16).padStart(2, "0")}`;
}
