import { WarrenError } from "../../errors.ts";
import type { Channel, Region } from "./region.ts";

/**
 * The index of the uplink channel on this frequency. Undefined when there is none: what a gateway
 * heard may be no LoRaWAN frame at all.
 *
 * @param extraChannels channels that the device got from a CFList or from NewChannelReq; one with the
 *   index of a default channel does not replace it, since default channels cannot be modified
 */
export function channelIndexOf(
  region: Region,
  frequencyHz: number,
  extraChannels: readonly Channel[] = [],
): number | undefined {
  return [...region.channels, ...extraChannels].find(
    (channel) => channel.frequencyHz === frequencyHz,
  )?.index;
}

/**
 * The frequency of RX1 after an uplink on this frequency. DlChannelReq can move it; the network
 * server that sent one knows.
 *
 * @throws WarrenError `value-out-of-range` in a region whose RX1 follows the uplink channel when the
 *   frequency is none of its channels
 */
export function rx1FrequencyHz(region: Region, uplinkFrequencyHz: number): number {
  if (region.rx1FrequenciesHz === undefined) {
    return uplinkFrequencyHz;
  }
  const index = channelIndexOf(region, uplinkFrequencyHz);
  if (index === undefined) {
    throw new WarrenError(
      "value-out-of-range",
      `${uplinkFrequencyHz} Hz is no uplink channel of ${region.name}`,
    );
  }
  return region.rx1FrequenciesHz[index % region.rx1FrequenciesHz.length] as number;
}

/**
 * The data rate index of RX1 after an uplink with this data rate index.
 *
 * @throws WarrenError `value-out-of-range` for an uplink data rate or offset that the region lacks
 */
export function rx1DataRate(region: Region, uplinkDataRate: number, rx1DrOffset: number): number {
  const dataRate = region.rx1DataRates[uplinkDataRate]?.[rx1DrOffset];
  if (dataRate === undefined) {
    throw new WarrenError(
      "value-out-of-range",
      `${region.name} has no RX1 data rate for uplink data rate ${uplinkDataRate} and RX1DROffset ${rx1DrOffset}`,
    );
  }
  return dataRate;
}
