import type { StormFigures, StormMeasurement } from "./measure-storm.ts";

export function printStorms({ capacityPerSecond, storms }: StormMeasurement): void {
  console.log(
    `Join storms: open loop, devices that repeat as LoRaWAN has it; capacity ${capacityPerSecond.toFixed(0)} joins/s`,
  );
  for (const storm of storms) {
    console.log(`  ${lineOf(storm)}`);
    console.log(`     joins by second: ${storm.goodputBySecond.join(" ")}`);
  }
  console.log("");
}

function lineOf(storm: StormFigures): string {
  const { joined, devices, requests, dropped, late } = storm;
  return [
    `${storm.load} x${storm.isGuarded ? "" : " without admission"}:`,
    `${storm.goodputPerSecond.toFixed(0)}/s in time (${(100 * storm.goodputOfCapacity).toFixed(0)} %),`,
    `p50 ${storm.p50Ms.toFixed(0)} ms, p99 ${storm.p99Ms.toFixed(0)} ms,`,
    `${joined} of ${devices} joined in ${storm.seconds.toFixed(1)} s (x ${storm.ofShortest.toFixed(2)}),`,
    `${requests} requests, ${dropped} dropped, ${late} late; load late by ${storm.lagMs.toFixed(0)} ms at most`,
  ].join(" ");
}
