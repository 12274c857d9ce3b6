import { WarrenError } from "../../errors.ts";
import * as wire from "../join/cf-list.ts";
import type { CfList, Channel, Region } from "./region.ts";

const maskBits = 16;
/** Five masks: 64 channels of 125 kHz and 8 of 500 kHz. */
const maxChannels = 72;

/**
 * The CFList of a Join-accept in its 16 bytes; `join/cf-list.ts` has the layout.
 *
 * @throws WarrenError `value-out-of-range` for too many channels or one that cannot be written
 */
export function encodeCfList(cfList: CfList): Uint8Array {
  return wire.encodeCfList(
    cfList.type === "frequencies"
      ? { type: 0, frequenciesHz: cfList.frequenciesHz }
      : { type: 1, channelMasks: masksOf(cfList.channels) },
  );
}

/**
 * Decodes a CFList. Frequencies keep their place, since it decides the channel index: an unused one
 * is 0, but for those at the end, which are left out.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long` unless 16 bytes; `frame-malformed` for an
 *   unknown CFListType
 */
export function decodeCfList(bytes: Uint8Array): CfList {
  const cfList = wire.decodeCfList(bytes);
  if ("frequenciesHz" in cfList) {
    const last = cfList.frequenciesHz.findLastIndex((frequencyHz) => frequencyHz > 0);
    return { type: "frequencies", frequenciesHz: cfList.frequenciesHz.slice(0, last + 1) };
  }
  if ("channelMasks" in cfList) {
    return { type: "channel-mask", channels: channelsOf(cfList.channelMasks) };
  }
  throw new WarrenError("frame-malformed", `CFListType ${cfList.type} is unknown`);
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

function masksOf(channels: readonly number[]): readonly number[] {
  const masks = [0, 0, 0, 0, 0];
  for (const channel of channels) {
    if (!Number.isInteger(channel) || channel < 0 || channel >= maxChannels) {
      throw new WarrenError("value-out-of-range", `a CFList cannot enable channel ${channel}`);
    }
    const mask = Math.floor(channel / maskBits);
    masks[mask] = (masks[mask] as number) | (1 << (channel % maskBits));
  }
  return masks;
}

/** Bits for channels that no region here has are ignored. */
function channelsOf(masks: readonly number[]): readonly number[] {
  return Array.from({ length: maxChannels }, (_, channel) => channel).filter((channel) => {
    const mask = masks[Math.floor(channel / maskBits)] as number;
    return (mask & (1 << (channel % maskBits))) !== 0;
  });
}
