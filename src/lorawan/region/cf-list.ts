import { WarrenError } from "../../errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import type { CfList, Channel, Region } from "./region.ts";

const maxFrequencies = 5;
const maskWords = 5;
const maxChannels = 72;
const frequencyStepHz = 100;

/**
 * The CFList of a Join-accept: 16 bytes, integers little-endian.
 *
 * | Freq | Freq | Freq | Freq | Freq | CFListType 0 |
 * |  3   |  3   |  3   |  3   |  3   |      1       |  in steps of 100 Hz, 0 unused
 *
 * | ChMask0 | ChMask1 | ChMask2 | ChMask3 | ChMask4 | RFU | CFListType 1 |
 * |    2    |    2    |    2    |    2    |    2    |  5  |      1       |  bit n of mask m: channel 16 m + n
 *
 * @throws WarrenError `value-out-of-range` for too many channels or one that cannot be written
 * @see LoRaWAN 1.1 §6.2.3, which leaves the layout to the Regional Parameters
 */
export function encodeCfList(cfList: CfList): Uint8Array {
  return cfList.type === "frequencies"
    ? encodeFrequencies(cfList.frequenciesHz)
    : encodeChannelMask(cfList.channels);
}

/**
 * Decodes a CFList. Frequencies keep their place, since it decides the channel index: an unused one
 * is 0, but for those at the end, which are left out.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long` unless 16 bytes; `frame-malformed` for an
 *   unknown CFListType
 */
export function decodeCfList(bytes: Uint8Array): CfList {
  const reader = new ByteReader(bytes);
  const content = reader.bytes(15, "CFList");
  const type = reader.uint8("CFListType");
  reader.end();
  if (type === 0) {
    return { type: "frequencies", frequenciesHz: decodeFrequencies(content) };
  }
  if (type === 1) {
    return { type: "channel-mask", channels: decodeChannelMask(content) };
  }
  throw new WarrenError("frame-malformed", `CFListType ${type} is unknown`);
}

/** The channels that a device adds to those of its region because of this CFList. */
export function extraChannelsOf(region: Region, cfList: CfList): readonly Channel[] {
  if (cfList.type === "channel-mask") {
    return [];
  }
  return cfList.frequenciesHz.flatMap((frequencyHz, offset) =>
    frequencyHz === 0
      ? []
      : [{ index: region.channels.length + offset, frequencyHz, minDr: 0, maxDr: 5 }],
  );
}

function encodeFrequencies(frequenciesHz: readonly number[]): Uint8Array {
  if (frequenciesHz.length > maxFrequencies) {
    throw new WarrenError("value-out-of-range", "a CFList holds at most 5 frequencies");
  }
  const writer = new ByteWriter();
  for (let index = 0; index < maxFrequencies; index++) {
    writer.uint24((frequenciesHz[index] ?? 0) / frequencyStepHz, "CFList frequency in 100 Hz");
  }
  return writer.uint8(0, "CFListType").toBytes();
}

function encodeChannelMask(channels: readonly number[]): Uint8Array {
  const masks = new Uint8Array(15);
  for (const channel of channels) {
    if (!Number.isInteger(channel) || channel < 0 || channel >= maxChannels) {
      throw new WarrenError("value-out-of-range", `a CFList cannot enable channel ${channel}`);
    }
    masks[channel >> 3] = (masks[channel >> 3] as number) | (1 << (channel & 7));
  }
  return new ByteWriter().bytes(masks).uint8(1, "CFListType").toBytes();
}

function decodeFrequencies(content: Uint8Array): readonly number[] {
  const reader = new ByteReader(content);
  const frequenciesHz = Array.from(
    { length: maxFrequencies },
    () => reader.uint24("CFList frequency") * frequencyStepHz,
  );
  return frequenciesHz.slice(0, frequenciesHz.findLastIndex((frequencyHz) => frequencyHz > 0) + 1);
}

function decodeChannelMask(content: Uint8Array): readonly number[] {
  const reader = new ByteReader(content);
  const channels: number[] = [];
  for (let word = 0; word < maskWords; word++) {
    const mask = reader.uint16("ChMask");
    for (let bit = 0; bit < 16; bit++) {
      if ((mask & (1 << bit)) !== 0) {
        channels.push(16 * word + bit);
      }
    }
  }
  // The upper half of the last mask is for channels that no region has.
  return channels.filter((channel) => channel < maxChannels);
}
