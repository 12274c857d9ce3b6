import type { CampaignCosts } from "./campaign-costs.ts";
import type { ImportFigures } from "./imported-server.ts";
import { JOIN_LOADS, type JoinCosts, type JoinLoad } from "./join-costs.ts";
import type { RotationFigures } from "./measure-scale.ts";

const DESCRIBED: Readonly<Record<JoinLoad, string>> = {
  first: "the first ones of devices chosen at random",
  again: "of the same devices again",
  unremembered: "of the same devices again, none of them kept in memory",
};

/** Each figure is printed as soon as it is there: of ten million devices all of them together take most of an hour. */

export function printHeading(): void {
  console.log("Scale: Join Servers on SQLite, joins of random devices one after the other");
}

export function printImport(row: ImportFigures): void {
  console.log(
    `  import of ${row.devices}: ${n(row.seconds, 1)} s, ${n(row.devicesPerSecond)}/s`,
    `(checked ${n(row.checkedPerSecond)}/s, written ${n(row.writtenPerSecond)}/s),`,
    `${row.commandPeakMB} MB, ${n(row.databaseBytesPerDevice)} bytes a device in the database`,
  );
}

export function printJoins(rows: readonly JoinCosts[]): void {
  for (const load of JOIN_LOADS) {
    console.log(`  joins, ${DESCRIBED[load]}`);
    for (const { devices, loads, peakMB } of rows) {
      const { microseconds, ratio, cpuMicroseconds, diskBytes } = loads[load];
      console.log(
        `  ${String(devices).padStart(9)} devices: ${n(microseconds)} us a join (x ${n(ratio, 2)}),`,
        `CPU ${n(cpuMicroseconds)} us, ${n(diskBytes)} bytes to disk, at most ${peakMB} MB`,
      );
    }
  }
}

export function printCampaign(campaign: CampaignCosts): void {
  console.log(
    `  campaign of ${campaign.devices}: prepared in ${n(campaign.prepareSeconds, 1)} s (${n(campaign.preparedPerSecond)}/s,`,
    `${n(campaign.prepareDiskBytesPerDevice)} bytes a device);`,
    `started ${n(campaign.startsPerSecond)}/s, each ${n(campaign.startCpuMicroseconds)} us of CPU, ${n(campaign.startDiskBytes)} bytes;`,
    `with nothing to start ${n(campaign.idleTickCpuMs, 1)} ms of CPU, ${n(campaign.idleTickDiskBytes)} bytes a second`,
  );
}

export function printRotation(rotation: RotationFigures, peakMB: number): void {
  console.log(
    `  vault rotate: ${rotation.devices} devices in ${n(rotation.seconds, 1)} s (${n(rotation.recordsPerSecond)}/s);`,
    `server at most ${peakMB} MB\n`,
  );
}

function n(value: number, digits = 0): string {
  return value.toFixed(digits);
}
