import type { Region } from "../../../lorawan/region/region.ts";
import { canTune, hasFixedChannels } from "../../radio/frequency-range.ts";
import type { DeviceChannel } from "../radio/radio-settings.ts";
import type { Session } from "../session.ts";
import { type Downlink, withAnswer, withRadio, withRepeatedAnswer } from "./mac-outcome.ts";

/** LoRaWAN 1.1 §5.5: all or nothing. */
export function obeyRxParamSetup(
  session: Session,
  command: Downlink<"RXParamSetupReq">,
  region: Region,
): Session {
  const { rx1DrOffset, rx2DataRate, frequencyHz } = command;
  const status = {
    channelAck: canTune(region, frequencyHz),
    rx2DataRateAck: isDownlinkDataRate(region, rx2DataRate),
    rx1DrOffsetAck: region.rx1DataRates[session.radio.dataRate]?.[rx1DrOffset] !== undefined,
  };
  const isAccepted = Object.values(status).every(Boolean);
  const changed = isAccepted
    ? withRadio(session, { rx1DrOffset, rx2: { frequencyHz, dataRate: rx2DataRate } })
    : session;
  return withRepeatedAnswer(changed, { name: "RXParamSetupAns", ...status });
}

/** LoRaWAN 1.1 §5.7; regions with fixed channels do not even answer. */
export function obeyNewChannel(
  session: Session,
  command: Downlink<"NewChannelReq">,
  region: Region,
): Session {
  if (hasFixedChannels(region)) return session;
  const { chIndex: index, frequencyHz, minDr, maxDr } = command;
  const isChangeable = index >= region.channels.length && index < region.maxChannels;
  const others = session.radio.channels.filter((channel) => channel.index !== index);
  const isRemoval = frequencyHz === 0;
  const status = {
    channelFrequencyOk: isChangeable && (isRemoval || canTune(region, frequencyHz)),
    dataRateRangeOk: isRemoval || (minDr <= maxDr && isUplinkRange(region, minDr, maxDr)),
  };
  const added = { index, frequencyHz, minDr, maxDr, isEnabled: true };
  const channels = isRemoval ? others : inOrder([...others, added]);
  const isAccepted = status.channelFrequencyOk && status.dataRateRangeOk;
  const changed = isAccepted ? withRadio(session, { channels }) : session;
  return withAnswer(changed, { name: "NewChannelAns", ...status });
}

/** LoRaWAN 1.1 §5.7; regions with fixed channels do not even answer. */
export function obeyDlChannel(
  session: Session,
  command: Downlink<"DlChannelReq">,
  region: Region,
): Session {
  if (hasFixedChannels(region)) return session;
  const { chIndex, frequencyHz: downlinkFrequencyHz } = command;
  const status = {
    channelFrequencyOk: canTune(region, downlinkFrequencyHz),
    uplinkFrequencyExists: session.radio.channels.some(({ index }) => index === chIndex),
  };
  const isAccepted = status.channelFrequencyOk && status.uplinkFrequencyExists;
  const channels = session.radio.channels.map((channel) =>
    isAccepted && channel.index === chIndex ? { ...channel, downlinkFrequencyHz } : channel,
  );
  return withRepeatedAnswer(withRadio(session, { channels }), { name: "DlChannelAns", ...status });
}

function isDownlinkDataRate(region: Region, index: number): boolean {
  return region.dataRates.some((dataRate) => dataRate.index === index && dataRate.isDownlink);
}

function isUplinkRange(region: Region, minDr: number, maxDr: number): boolean {
  const isKnown = (index: number) =>
    region.dataRates.some((dataRate) => dataRate.index === index && dataRate.isUplink);
  return isKnown(minDr) && isKnown(maxDr);
}

function inOrder(channels: readonly DeviceChannel[]): readonly DeviceChannel[] {
  return channels.toSorted((a, b) => a.index - b.index);
}
