import { LRUCache } from "lru-cache";
import type { Device } from "../../join-server/device.ts";
import type { AuditEvent } from "../../join-server/ports/audit-log.ts";
import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import type {
  DevEuiPage,
  DeviceChange,
  DevicePage,
  DeviceQuery,
  DeviceStore,
  DeviceTally,
  DueQuery,
  Freshness,
  NewDevice,
  SaveOutcome,
  StuckQuery,
  UsedDevNonce,
} from "../../join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { UpdateAttempt } from "../../join-server/root-key-updates/update-attempt.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { ComposedStore } from "./composed-store.ts";

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
 * Devices in memory in front of a store, those used last, their keys ready for use. Reads that may be
 * stale are answered from it; whatever is stored goes through, and only what is known to be stored comes in.
 *
 * What is in memory may be older than the database, where other processes write too. That costs a save that
 * finds another version, after which the device is read anew; it cannot make a save succeed, since
 * versions of a device never come back.
 */
export class CachedDeviceStore implements DeviceStore {
  readonly #below: DeviceStore;
  readonly #devices: LRUCache<Eui64, Device>;
  readonly #counts: CacheCounts;

  /** @param usualDevices how many devices of the usual size are kept; fewer, when they have many sessions */
  constructor(
    below: DeviceStore,
    usualDevices: number,
    counts: CacheCounts = { hits: 0, misses: 0 },
  ) {
    this.#below = below;
    this.#counts = counts;
    this.#devices = new LRUCache({
      maxSize: Math.max(1, usualDevices) * USUAL_WEIGHT,
      sizeCalculation: ({ sessions }) => DEVICE_WEIGHT + sessions.length,
    });
  }

  /** How many devices are in memory. */
  get size(): number {
    return this.#devices.size;
  }

  async loadDevice(devEui: Eui64, freshness: Freshness = "fresh"): Promise<Device | undefined> {
    const known = freshness === "may-be-stale" ? this.#devices.get(devEui) : undefined;
    if (known !== undefined) {
      this.#counts.hits += 1;
      return known;
    }
    if (freshness === "may-be-stale") this.#counts.misses += 1;
    const device = await this.#below.loadDevice(devEui, freshness);
    if (device === undefined) this.#devices.delete(devEui);
    else this.#keepLoaded(device);
    return device;
  }

  async saveDevice(device: Device, change?: DeviceChange): Promise<SaveOutcome> {
    const { devEui } = device;
    let outcome: SaveOutcome | "unknown" = "unknown";
    try {
      outcome = await this.#below.saveDevice(device, change);
      return outcome;
    } finally {
      if (outcome === "saved") this.#keepSaved(device);
      else this.#devices.delete(devEui);
    }
  }

  async createDevices(devices: readonly NewDevice[], audit?: AuditEvent): Promise<boolean[]> {
    for (const { device } of devices) this.#devices.delete(device.devEui);
    return await this.#below.createDevices(devices, audit);
  }

  async deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean> {
    try {
      return await this.#below.deleteDevice(devEui, audit);
    } finally {
      this.#devices.delete(devEui);
    }
  }

  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage> {
    return this.#below.findDevices(query, limit, after);
  }

  findDevEuis(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    return this.#below.findDevEuis(query, limit, after);
  }

  findDueDevices(query: DueQuery, limit: number, after?: Eui64): Promise<Eui64[]> {
    return this.#below.findDueDevices(query, limit, after);
  }

  findStuckDevices(query: StuckQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    return this.#below.findStuckDevices(query, limit, after);
  }

  listUpdateAttempts(devEui: Eui64, limit: number, before?: number): Promise<UpdateAttempt[]> {
    return this.#below.listUpdateAttempts(devEui, limit, before);
  }

  countDevices(): Promise<number> {
    return this.#below.countDevices();
  }

  tallyDevices(): Promise<DeviceTally[]> {
    return this.#below.tallyDevices();
  }

  listUsedDevNonces(devEui: Eui64): Promise<UsedDevNonce[]> {
    return this.#below.listUsedDevNonces(devEui);
  }

  /** A save may have been faster than this read. */
  #keepLoaded(device: Device): void {
    const known = this.#devices.peek(device.devEui);
    if (known === undefined || known.version <= device.version) {
      this.#devices.set(device.devEui, device);
    }
  }

  /** As it is stored now: a version further. */
  #keepSaved(device: Device): void {
    this.#devices.set(device.devEui, { ...device, version: device.version + 1 });
  }
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
