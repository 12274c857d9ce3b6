import { WarrenError } from "../../errors.ts";
import type { Direction } from "../direction.ts";
import type { DataRate, Region } from "./region.ts";

/** @throws WarrenError `value-out-of-range` when the region does not define this data rate */
export function dataRateByIndex(region: Region, index: number): DataRate {
  const dataRate = region.dataRates.find((candidate) => candidate.index === index);
  if (dataRate === undefined) {
    throw new WarrenError("value-out-of-range", `${region.name} has no data rate ${index}`);
  }
  return dataRate;
}

/**
 * The index of a data rate as a packet forwarder writes it: "SF7BW125" for LoRa, bits per second for
 * FSK. US915 has "SF8BW500" twice, hence the direction. Undefined when the region has none such:
 * what a gateway heard may be no LoRaWAN frame at all.
 */
export function dataRateIndexOf(
  region: Region,
  dataRate: string | number,
  direction: Direction,
): number | undefined {
  return region.dataRates.find(
    (candidate) =>
      (direction === "up" ? candidate.isUplink : candidate.isDownlink) &&
      dataRate === (candidate.modulation === "LORA" ? candidate.name : candidate.bitRate),
  )?.index;
}

/**
 * Largest FRMPayload without FOpts (N of the Regional Parameters) at this data rate; every byte of
 * FOpts takes one from it.
 *
 * @throws WarrenError `value-out-of-range` when the region does not define this data rate
 */
export function maxPayloadLengthBytes(region: Region, dataRate: number): number {
  return dataRateByIndex(region, dataRate).maxPayloadLengthBytes;
}

/** Power of a gateway in dBm for a downlink on this frequency, the antenna not counted. */
export function downlinkPowerDbm(region: Region, frequencyHz: number): number {
  const power = region.downlinkPowers.find(
    ({ fromHz, toHz }) => fromHz <= frequencyHz && frequencyHz < toHz,
  );
  return (power as (typeof region.downlinkPowers)[number]).powerDbm;
}
