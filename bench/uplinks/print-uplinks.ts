import type { UplinkFigures, UplinksMeasurement } from "./measure-uplinks.ts";

const GOAL_PER_SECOND = 20_000;

export function printUplinks(measured: UplinksMeasurement): void {
  const { devices, isPinned, peaks, medianPerSecond, medianPerCoreSecond, afterKill } = measured;
  console.log(
    `Uplinks: Network Server process${isPinned ? " on one core" : ""}, ${devices} devices, 8 gateways, from GWMP to event`,
  );
  for (const peak of peaks) console.log(`  as fast as taken   ${lineOf(peak)}`);
  console.log(`  at 70 %            ${lineOf(measured.at70)}`);
  console.log(
    `  1 % confirmed      ${lineOf(measured.confirmed)}, ${measured.confirmed.downlinks} answered`,
  );
  const ratio = (value: number) => (value / GOAL_PER_SECOND).toFixed(2);
  console.log(
    `  median ${medianPerSecond.toFixed(0)}/s, ${ratio(medianPerSecond)} of the goal; ` +
      `${medianPerCoreSecond.toFixed(0)} a second of one core, ${ratio(medianPerCoreSecond)} of it; ` +
      `memory ${measured.peakMemoryMb.toFixed(0)} MB`,
  );
  console.log(
    `  killed amid a load: ${afterKill.toldBefore} told, ${afterKill.toldAfter} more after ${afterKill.startSeconds.toFixed(1)} s of start, ` +
      `${afterKill.replayed} frames again: none twice, ${afterKill.takenNow} for the first time\n`,
  );
}

function lineOf(figures: UplinkFigures): string {
  return [
    `${figures.perSecond.toFixed(0)}/s`,
    `${figures.sent} sent`,
    `${figures.lost} lost`,
    `${figures.processorUs.toFixed(1)} us of processor each`,
    `p50 ${figures.p50Ms.toFixed(0)} ms`,
    `p99 ${figures.p99Ms.toFixed(0)} ms`,
  ].join(", ");
}
