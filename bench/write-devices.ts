import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { BENCH_AS_ID, BENCH_JOIN_EUI, BENCH_NET_ID, benchDevEui } from "./join-load.ts";

/** Root keys in hex and the version of a device that a measurement imports. */
export interface DeviceKeys {
  readonly macVersion: string;
  readonly nwkKey: string;
  readonly appKey?: string;
}

/** Writes so many devices as the JSON lines that `warren import` reads. */
export async function writeDevices(
  file: string,
  count: number,
  keysOf: (index: number) => DeviceKeys,
): Promise<void> {
  const stream = createWriteStream(file);
  for (let index = 0; index < count; index++) {
    const line = JSON.stringify({
      devEui: benchDevEui(index),
      joinEui: BENCH_JOIN_EUI,
      ...keysOf(index),
      homeNetId: BENCH_NET_ID,
      asId: BENCH_AS_ID,
      name: `meter ${index}`,
    });
    if (!stream.write(`${line}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}
