import { WarrenError } from "../../errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";

/** Octets of a CFList, CFListType included. */
export const CF_LIST_LENGTH_BYTES = 16;

const FREQUENCY_COUNT = 5;
const CHANNEL_MASK_COUNT = 6;
const FREQUENCY_STEP_HZ = 100;

/** Additional channels of a dynamic channel plan (EU868 and its like). */
export interface FrequencyCfList {
  readonly type: 0;
  /** Up to five frequencies, multiples of 100 Hz; 0 is an unused place. Decoding always gives five. */
  readonly frequenciesHz: readonly number[];
}

/** The enabled channels of a fixed channel plan (US915 and its like). */
export interface ChannelMaskCfList {
  readonly type: 1;
  /** Up to six masks of 16 channels, bit 0 the lowest channel. Decoding always gives six. */
  readonly channelMasks: readonly number[];
}

/** A CFListType that this program does not know. */
export interface UnknownCfList {
  readonly type: number;
  /** The 15 octets before CFListType. */
  readonly raw: Uint8Array;
}

export type CfList = FrequencyCfList | ChannelMaskCfList | UnknownCfList;

/**
 * Encodes the optional channel list of a Join-accept.
 *
 * | type 0 | Freq 3 | Freq 3 | Freq 3 | Freq 3 | Freq 3 | CFListType 1 |
 * | type 1 | ChMask 2 (six times)   | RFU 3           | CFListType 1 |  bytes, little-endian
 *
 * Frequencies are in steps of 100 Hz. CFListType was an RFU octet, hence 0, when only frequencies existed
 * (LoRaWAN 1.0.1 §7.1.4). Plans of 72 channels use masks 0 to 4 and leave the sixth, which exists for the
 * 96 channels of CN470, at zero.
 *
 * @throws WarrenError `value-out-of-range`
 * @see RP002-1.0.4 §2.3.1 and §2.3.2
 */
export function encodeCfList(cfList: CfList): Uint8Array {
  const writer = new ByteWriter();
  if ("frequenciesHz" in cfList) {
    for (const frequencyHz of padded(cfList.frequenciesHz, FREQUENCY_COUNT)) {
      writer.uint24(frequencyHz / FREQUENCY_STEP_HZ, "CFList frequency / 100 Hz");
    }
  } else if ("channelMasks" in cfList) {
    for (const channelMask of padded(cfList.channelMasks, CHANNEL_MASK_COUNT)) {
      writer.uint16(channelMask, "ChMask");
    }
    writer.uint24(0, "RFU");
  } else {
    requireUnknown(cfList);
    writer.bytes(cfList.raw);
  }
  return writer.uint8(cfList.type, "CFListType").toBytes();
}

/** @throws WarrenError `frame-too-short`, `frame-too-long` unless there are 16 octets */
export function decodeCfList(bytes: Uint8Array): CfList {
  const reader = new ByteReader(bytes);
  const content = new ByteReader(reader.bytes(CF_LIST_LENGTH_BYTES - 1, "CFList"));
  const type = reader.uint8("CFListType");
  reader.end();
  if (type === 0) {
    return {
      type,
      frequenciesHz: times(
        FREQUENCY_COUNT,
        () => content.uint24("CFList frequency") * FREQUENCY_STEP_HZ,
      ),
    };
  }
  if (type === 1) {
    return { type, channelMasks: times(CHANNEL_MASK_COUNT, () => content.uint16("ChMask")) };
  }
  return { type, raw: content.rest() };
}

function times<T>(count: number, read: () => T): T[] {
  return Array.from({ length: count }, read);
}

function padded(values: readonly number[], count: number): number[] {
  if (values.length > count) {
    throw new WarrenError("value-out-of-range", `CFList has room for ${count} entries`);
  }
  return [...values, ...new Array<number>(count - values.length).fill(0)];
}

function requireUnknown(cfList: UnknownCfList): void {
  if (cfList.type === 0 || cfList.type === 1 || cfList.raw.length !== CF_LIST_LENGTH_BYTES - 1) {
    throw new WarrenError("value-out-of-range", "a raw CFList has 15 octets and a type above 1");
  }
}
