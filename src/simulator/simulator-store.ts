import type { DeviceProfile } from "./device/device-profile.ts";
import type { DeviceState } from "./device/device-state.ts";

/** A device as it is kept. */
export interface StoredDevice {
  readonly profile: DeviceProfile;
  readonly state: DeviceState;
}

/** Where devices keep what they must not forget. Every write alone is durable when it returns. */
export interface SimulatorStore {
  loadDevices(): readonly StoredDevice[];
  /** Adds devices, or replaces all that was kept of them: all of them or none. */
  saveDevices(devices: readonly StoredDevice[]): void;
  saveState(profile: DeviceProfile, state: DeviceState): void;
  /** Does `work`; what it saves is durable together, when this returns, and not before. */
  together(work: () => void): void;
  close(): void;
}
