import type { Channel, Region } from "../../../lorawan/region/region.ts";

const FIRST_JOIN_WITHIN_MS = 3_000;
const FIRST_PAUSE_UP_TO_MS = 12_000;
const BACK_OFF_GROWTH = 1.5;

/**
 * How long to wait before a Join-request: a random moment at first, so that devices switched on together
 * do not speak together; then longer and longer, up to the longest pause.
 *
 * @param attempts Join-requests that were not answered
 * @param draw 0 to 1
 * @param longestPauseMs in simulated ms; the pauses are a third of it at the least
 */
export function joinDelayMs(attempts: number, draw: number, longestPauseMs: number): number {
  if (attempts === 0) return draw * FIRST_JOIN_WITHIN_MS;
  const longest = Math.min(
    FIRST_PAUSE_UP_TO_MS * BACK_OFF_GROWTH ** (attempts - 1),
    longestPauseMs,
  );
  return longest * (1 / 3 + (2 / 3) * draw);
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
