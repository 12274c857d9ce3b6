import type { Measurement } from "../measure.ts";
import type { SuiteMeasurement } from "./measure-suites.ts";

const REFERENCE = "C -O3";

export function printSuites(suites: readonly SuiteMeasurement[]): void {
  for (const { name, contenders } of suites) {
    const base = contenders.find((contender) => contender.name === REFERENCE)?.medianNs;
    console.log(`Rabbit KDF, ${name} (median of ${contenders[0]?.rounds} rounds; ratio to C)`);
    for (const { name, medianNs, minimumNs, p90Ns } of contenders) {
      const ratio = base === undefined ? "" : `x ${(medianNs / base).toFixed(2)}`;
      console.log(
        `  ${name.padEnd(48)}${`${(medianNs / 1000).toFixed(2)} us`.padStart(12)}`,
        `min ${(minimumNs / 1000).toFixed(2)}`.padStart(11),
        `p90 ${(p90Ns / 1000).toFixed(2)}`.padStart(11),
        ratio.padStart(8),
      );
    }
    console.log("");
  }
}

export function printBulk(bulk: readonly Measurement[]): void {
  console.log(`1,000,000 derivations, suite 1 (median of ${bulk[0]?.rounds} rounds)`);
  for (const { name, medianNs, minimumNs, p90Ns } of bulk) {
    const [median, least, most] = [medianNs, minimumNs, p90Ns].map((ns) => (ns / 1e9).toFixed(2));
    console.log(`  ${name.padEnd(48)}${`${median} s`.padStart(12)} (${least} to ${most})`);
  }
  console.log("");
}
