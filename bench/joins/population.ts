import { createHash } from "node:crypto";
import { formatHex } from "../../src/lorawan/hex.ts";
import { writeDevices } from "../write-devices.ts";

/** Devices that the load joins. */
export const LOAD_DEVICES = 100_000;
/** Devices after them, whose joins are checked down to the keys. */
export const SAMPLE_DEVICES = 1_000;

/** A root key of the `index`-th device: none need be kept, each comes from the index. */
export function rootKeyOf(name: "NwkKey" | "AppKey", index: number): Uint8Array {
  const digest = createHash("sha256").update(`${name} ${index}`).digest();
  return new Uint8Array(digest.subarray(0, 16));
}

/** Writes all devices as the JSON lines that `warren import` reads: LoRaWAN 1.1, two root keys. */
export function writePopulation(file: string): Promise<void> {
  return writeDevices(file, LOAD_DEVICES + SAMPLE_DEVICES, (index) => ({
    macVersion: "1.1.0",
    nwkKey: formatHex(rootKeyOf("NwkKey", index)),
    appKey: formatHex(rootKeyOf("AppKey", index)),
  }));
}
