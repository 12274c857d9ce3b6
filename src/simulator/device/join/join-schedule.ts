import type { Channel, Region } from "../../../lorawan/region/region.ts";

const FIRST_JOIN_WITHIN_MS = 3_000;
const BACK_OFF_START_MS = 8_000;
const BACK_OFF_GROWTH = 1.5;
/** Keeps a device that is never answered far below the limits of LoRaWAN 1.1 §7, table 17. */
const BACK_OFF_LONGEST_MS = 3_600_000;

/**
 * How long to wait before a Join-request: a random moment at first, so that devices switched on together
 * do not speak together; then longer and longer.
 *
 * @param attempts Join-requests that were not answered
 * @param draw 0 to 1
 */
export function joinDelayMs(attempts: number, draw: number): number {
  if (attempts === 0) return draw * FIRST_JOIN_WITHIN_MS;
  const longest = Math.min(
    BACK_OFF_START_MS * BACK_OFF_GROWTH ** (attempts - 1),
    BACK_OFF_LONGEST_MS,
  );
  return longest * (0.5 + draw);
}

/**
 * The data rate of a Join-request: those of the join channels from the fastest down, two attempts each,
 * then from the start.
 */
export function joinDataRate(region: Region, attempts: number): number {
  const dataRates = [...new Set(region.joinChannels.flatMap(dataRatesOf))].sort((a, b) => b - a);
  return dataRates[(attempts >> 1) % dataRates.length] ?? 0;
}

function dataRatesOf({ minDr, maxDr }: Channel): number[] {
  return Array.from({ length: maxDr - minDr + 1 }, (_, offset) => minDr + offset);
}
