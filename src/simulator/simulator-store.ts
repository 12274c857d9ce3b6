import type { DeviceProfile } from "./device/device-profile.ts";
import type { DeviceState } from "./device/device-state.ts";

/** A device as it is kept. */
export interface StoredDevice {
  readonly profile: DeviceProfile;
  readonly state: DeviceState;
}

/** Where devices keep what they must not forget. Every write is durable when it returns. */
export interface SimulatorStore {
  loadDevices(): readonly StoredDevice[];
  /** Adds devices, or replaces all that was kept of them: all of them or none. */
  saveDevices(devices: readonly StoredDevice[]): void;
  saveState(profile: DeviceProfile, state: DeviceState): void;
  close(): void;
}
