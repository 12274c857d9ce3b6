import type { Device } from "../../join-server/device.ts";
import type { AuditEvent } from "../../join-server/ports/audit-log.ts";
import type {
  DevEuiPage,
  DeviceChange,
  DevicePage,
  DeviceQuery,
  DeviceStore,
  DeviceSummaryPage,
  DeviceTally,
  DueQuery,
  Freshness,
  NewDevice,
  SaveOutcome,
  StuckQuery,
  UsedDevNonce,
} from "../../join-server/ports/device-store.ts";
import type { UpdateAttempt } from "../../join-server/root-key-updates/update-attempt.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";

/** The devices of a store whose parts do the work. */
export class ComposedDevices implements DeviceStore {
  readonly #devices: DeviceStore;

  constructor(devices: DeviceStore) {
    this.#devices = devices;
  }

  loadDevice(devEui: Eui64, freshness?: Freshness): Promise<Device | undefined> {
    return this.#devices.loadDevice(devEui, freshness);
  }

  createDevices(devices: readonly NewDevice[], audit?: AuditEvent): Promise<boolean[]> {
    return this.#devices.createDevices(devices, audit);
  }

  saveDevice(device: Device, change?: DeviceChange): Promise<SaveOutcome> {
    return this.#devices.saveDevice(device, change);
  }

  deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean> {
    return this.#devices.deleteDevice(devEui, audit);
  }

  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage> {
    return this.#devices.findDevices(query, limit, after);
  }

  findDeviceSummaries(
    query: DeviceQuery,
    limit: number,
    after?: Eui64,
  ): Promise<DeviceSummaryPage> {
    return this.#devices.findDeviceSummaries(query, limit, after);
  }

  findDevEuis(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    return this.#devices.findDevEuis(query, limit, after);
  }

  findDueDevices(query: DueQuery, limit: number, after?: Eui64): Promise<Eui64[]> {
    return this.#devices.findDueDevices(query, limit, after);
  }

  findStuckDevices(query: StuckQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    return this.#devices.findStuckDevices(query, limit, after);
  }

  listUpdateAttempts(devEui: Eui64, limit: number, before?: number): Promise<UpdateAttempt[]> {
    return this.#devices.listUpdateAttempts(devEui, limit, before);
  }

  countDevices(): Promise<number> {
    return this.#devices.countDevices();
  }

  tallyDevices(): Promise<DeviceTally[]> {
    return this.#devices.tallyDevices();
  }

  listUsedDevNonces(devEui: Eui64): Promise<UsedDevNonce[]> {
    return this.#devices.listUsedDevNonces(devEui);
  }
}
