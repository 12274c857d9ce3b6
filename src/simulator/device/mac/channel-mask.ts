import type { Region } from "../../../lorawan/region/region.ts";
import { hasFixedChannels } from "../../radio/frequency-range.ts";
import type { DeviceChannel } from "../radio/radio-settings.ts";

/** ChMask and ChMaskCntl of one LinkADRReq. */
export interface ChannelMask {
  readonly chMask: number;
  readonly chMaskCntl: number;
}

/** The channels of 500 kHz in a plan of 72 channels. */
const FIRST_WIDE = 64;

/**
 * The channels after a mask, or undefined when it cannot be obeyed: an unknown ChMaskCntl, a channel
 * that is not there, or none left.
 *
 * @see LoRaWAN 1.1 §5.3; ChMaskCntl is in the Regional Parameters of EU863-870 and US902-928
 */
export function applyChannelMask(
  region: Region,
  channels: readonly DeviceChannel[],
  mask: ChannelMask,
): readonly DeviceChannel[] | undefined {
  const rule = hasFixedChannels(region) ? fixedPlanRule(mask) : dynamicPlanRule(mask, channels);
  return rule === undefined
    ? undefined
    : channels.map((channel) => ({ ...channel, isEnabled: rule(channel) }));
}

type Rule = (channel: DeviceChannel) => boolean;

function dynamicPlanRule(
  { chMask, chMaskCntl }: ChannelMask,
  channels: readonly DeviceChannel[],
): Rule | undefined {
  if (chMaskCntl === 6) return () => true;
  const known = channels.reduce((bits, channel) => bits | (1 << channel.index), 0);
  const isDefined = (chMask & ~known) === 0;
  return chMaskCntl === 0 && isDefined ? ({ index }) => isSet(chMask, index) : undefined;
}

function fixedPlanRule({ chMask, chMaskCntl }: ChannelMask): Rule | undefined {
  const wide = (index: number) => isSet(chMask, index - FIRST_WIDE);
  switch (chMaskCntl) {
    case 5:
      // Each bit is a bank: eight narrow channels and the wide one above them.
      return ({ index }) =>
        index < FIRST_WIDE ? isSet(chMask, index >> 3) : isSet(chMask, index - FIRST_WIDE);
    case 6:
      return ({ index }) => index < FIRST_WIDE || wide(index);
    case 7:
      return ({ index }) => index >= FIRST_WIDE && wide(index);
    default:
      return chMaskCntl <= 4
        ? ({ index, isEnabled }) =>
            index >> 4 === chMaskCntl ? isSet(chMask, index & 15) : isEnabled
        : undefined;
  }
}

function isSet(mask: number, bit: number): boolean {
  return ((mask >> bit) & 1) === 1;
}
