import type { Region } from "../../lorawan/region/region.ts";

/** What the radio of a simulated device can tune to, in Hz, by region. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  EU868: [863_000_000, 870_000_000],
  US915: [902_000_000, 928_000_000],
};

/** Whether the device's radio works on this frequency. */
export function canTune(region: Region, frequencyHz: number): boolean {
  const [from, to] = RANGES[region.name] ?? [0, Number.POSITIVE_INFINITY];
  return from <= frequencyHz && frequencyHz <= to;
}

/** Whether channels can't be added in this region, only switched on and off (LoRaWAN 1.1 §5.7). */
export function hasFixedChannels(region: Region): boolean {
  return region.rx1FrequenciesHz !== undefined;
}
