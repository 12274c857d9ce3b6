import type { ScaleMeasurement } from "./measure-scale.ts";

export function printScale({ imports, joins, campaign, rotation, peakMB }: ScaleMeasurement): void {
  const n = (value: number, digits = 0) => value.toFixed(digits);
  console.log("Scale: Join Servers on SQLite, joins of random devices one after the other");
  for (const row of joins) {
    console.log(
      `  ${String(row.devices).padStart(9)} devices: ${n(row.microseconds)} us a join (x ${n(row.ratio, 2)}),`,
      `CPU ${n(row.cpuMicroseconds)} us, ${n(row.diskBytes)} bytes to disk, at most ${row.peakMB} MB`,
    );
  }
  for (const row of imports) {
    console.log(
      `  import of ${row.devices}: ${n(row.seconds, 1)} s, ${n(row.devicesPerSecond)}/s`,
      `(checked ${n(row.checkedPerSecond)}/s, written ${n(row.writtenPerSecond)}/s),`,
      `${row.commandPeakMB} MB, ${n(row.databaseBytesPerDevice)} bytes a device in the database`,
    );
  }
  console.log(
    `  campaign of ${campaign.devices}: prepared in ${n(campaign.prepareSeconds, 1)} s (${n(campaign.preparedPerSecond)}/s,`,
    `${n(campaign.prepareDiskBytesPerDevice)} bytes a device);`,
    `started ${n(campaign.startsPerSecond)}/s, each ${n(campaign.startCpuMicroseconds)} us of CPU, ${n(campaign.startDiskBytes)} bytes;`,
    `with nothing to start ${n(campaign.idleTickCpuMs, 1)} ms of CPU, ${n(campaign.idleTickDiskBytes)} bytes a second`,
  );
  console.log(
    `  vault rotate: ${rotation.devices} devices in ${n(rotation.seconds, 1)} s (${n(rotation.recordsPerSecond)}/s);`,
    `server at most ${peakMB} MB\n`,
  );
}
