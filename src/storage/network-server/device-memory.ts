import { LRUCache } from "lru-cache";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../../network-server/session/device.ts";

/** Some three kilobytes each. */
const MAX_DEVICES = 50_000;

/**
 * Devices used last, as they are in the database: this process alone writes to it. Nothing in here is newer
 * than the last transaction.
 */
export class DeviceMemory {
  readonly #devices = new LRUCache<Eui64, Device>({ max: MAX_DEVICES });
  readonly #devEuis = new LRUCache<DevAddr, readonly Eui64[]>({ max: MAX_DEVICES });

  get(devEui: Eui64): Device | undefined {
    return this.#devices.get(devEui);
  }

  keep(device: Device): void {
    this.#devices.set(device.devEui, device);
  }

  /** A device has been saved in place of another state of it. */
  replace(before: Device | undefined, device: Device): void {
    this.#devices.set(device.devEui, device);
    for (const slot of ["current", "pending"] as const) {
      const [old, now] = [before?.[slot]?.devAddr, device[slot]?.devAddr];
      if (old === now) continue;
      if (old !== undefined) this.#devEuis.delete(old);
      if (now !== undefined) this.#devEuis.delete(now);
    }
  }

  /** The devices with a session of this address. */
  devEuisOf(devAddr: DevAddr, load: () => readonly Eui64[]): readonly Eui64[] {
    const known = this.#devEuis.get(devAddr);
    if (known !== undefined) return known;
    const devEuis = load();
    this.#devEuis.set(devAddr, devEuis);
    return devEuis;
  }
}
