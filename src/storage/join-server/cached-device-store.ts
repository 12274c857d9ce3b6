import { LRUCache } from "lru-cache";
import type { Device } from "../../join-server/device.ts";
import type { AuditEvent } from "../../join-server/ports/audit-log.ts";
import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import type {
  DeviceChange,
  DeviceStore,
  Freshness,
  NewDevice,
  SaveOutcome,
} from "../../join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { NewestEntries } from "../../newest-entries.ts";
import { ComposedDevices } from "./composed-devices.ts";
import { ComposedStore } from "./composed-store.ts";
import { withStoredKeys } from "./rows/sessions/stored-session-keys.ts";

/** What a device costs besides its sessions, counted in sessions. */
const DEVICE_WEIGHT = 2;
/** What the usual device has: two sessions. */
const USUAL_WEIGHT = DEVICE_WEIGHT + 2;

/** How often a device that may be stale was asked for: found in memory, or not. Counted up in place. */
export interface CacheCounts {
  hits: number;
  misses: number;
}

/**
 * Devices in memory in front of a store, their keys ready for use. Reads that may be stale are answered from it;
 * whatever is stored goes through, and only what is known to be stored comes in.
 *
 * While there is room every device that is read is kept, and then those that are read again within half as many others as
 * there is room for; they push out those used longest ago. So where a whole region joins, and none again
 * before all others, memory is not filled anew with devices that nobody asks for a second time: what lives for seconds
 * costs more to collect than what never moves.
 *
 * What is in memory may be older than the database, where other processes write too. That costs a save that
 * finds another version, after which the device is read anew; it cannot make a save succeed, since
 * versions of a device never come back.
 */
export class CachedDeviceStore extends ComposedDevices {
  readonly #devices: LRUCache<Eui64, Device>;
  /** Read once when there was no room: between half as many as there is room for, and as many. */
  readonly #readOnce = new NewestEntries<Eui64, true>();
  readonly #readOncePerHalf: number;
  readonly #counts: CacheCounts;

  /** @param usualDevices how many devices of the usual size are kept; fewer, when they have many sessions */
  constructor(
    below: DeviceStore,
    usualDevices: number,
    counts: CacheCounts = { hits: 0, misses: 0 },
  ) {
    super(below);
    this.#counts = counts;
    this.#readOncePerHalf = Math.max(1, usualDevices / 2);
    // `max` would take memory for all of them at once.
    this.#devices = new LRUCache({
      maxSize: Math.max(1, usualDevices) * USUAL_WEIGHT,
      sizeCalculation: weightOf,
    });
  }

  /** How many devices are in memory. */
  get size(): number {
    return this.#devices.size;
  }

  override async loadDevice(
    devEui: Eui64,
    freshness: Freshness = "fresh",
  ): Promise<Device | undefined> {
    const known = freshness === "may-be-stale" ? this.#devices.get(devEui) : undefined;
    if (known !== undefined) {
      this.#counts.hits += 1;
      return known;
    }
    if (freshness === "may-be-stale") this.#counts.misses += 1;
    const device = await super.loadDevice(devEui, freshness);
    if (device === undefined) this.#devices.delete(devEui);
    else this.#keepLoaded(device);
    return device;
  }

  override async saveDevice(device: Device, change?: DeviceChange): Promise<SaveOutcome> {
    const { devEui } = device;
    let outcome: SaveOutcome | "unknown" = "unknown";
    try {
      outcome = await super.saveDevice(device, change);
      return outcome;
    } finally {
      if (outcome === "saved") this.#keepSaved(device);
      else this.#devices.delete(devEui);
    }
  }

  override async createDevices(
    devices: readonly NewDevice[],
    audit?: AuditEvent,
  ): Promise<boolean[]> {
    for (const { device } of devices) this.#devices.delete(device.devEui);
    return await super.createDevices(devices, audit);
  }

  override async deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean> {
    try {
      return await super.deleteDevice(devEui, audit);
    } finally {
      this.#devices.delete(devEui);
    }
  }

  /** A save may have been faster than this read. */
  #keepLoaded(device: Device): void {
    const { devEui } = device;
    const known = this.#devices.peek(devEui);
    if (known === undefined ? this.#isWorthKeeping(device) : known.version <= device.version) {
      this.#devices.set(devEui, device);
    }
  }

  #isWorthKeeping(device: Device): boolean {
    const { devEui } = device;
    if (this.#devices.calculatedSize + weightOf(device) <= this.#devices.maxSize) return true;
    if (this.#readOnce.delete(devEui)) return true;
    if (this.#readOnce.newerSize >= this.#readOncePerHalf) this.#readOnce.forgetOlder();
    this.#readOnce.set(devEui, true);
    return false;
  }

  /** As it is stored now: a version further. */
  #keepSaved(device: Device): void {
    if (!this.#devices.has(device.devEui)) return;
    const sessions = withStoredKeys(device.sessions);
    this.#devices.set(device.devEui, { ...device, version: device.version + 1, sessions });
  }
}

function weightOf({ sessions }: Device): number {
  return DEVICE_WEIGHT + sessions.length;
}

/**
 * A store with a cache of devices in front of it.
 *
 * @param usualDevices see `CachedDeviceStore`; 0: as it is
 */
export function cacheDevices(
  store: JoinServerStore & DataKeyStore,
  usualDevices: number,
  counts?: CacheCounts,
): JoinServerStore & DataKeyStore {
  if (usualDevices === 0) return store;
  return new ComposedStore({
    devices: new CachedDeviceStore(store, usualDevices, counts),
    peers: store,
    tokens: store,
    secrets: store,
    policies: store,
    campaigns: store,
    audit: store,
    resealer: store,
    dataKeys: store,
    connection: store,
  });
}
