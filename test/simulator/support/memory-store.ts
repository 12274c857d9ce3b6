import type { DeviceProfile } from "../../../src/simulator/device/device-profile.ts";
import type { DeviceState } from "../../../src/simulator/device/device-state.ts";
import type { SimulatorStore, StoredDevice } from "../../../src/simulator/simulator-store.ts";

/** A store that forgets with the test. */
export class MemoryStore implements SimulatorStore {
  readonly devices = new Map<string, StoredDevice>();
  writes = 0;

  loadDevices(): readonly StoredDevice[] {
    return [...this.devices.values()];
  }

  saveDevices(devices: readonly StoredDevice[]): void {
    this.writes += 1;
    for (const device of devices) this.devices.set(device.profile.devEui, device);
  }

  saveState(profile: DeviceProfile, state: DeviceState): void {
    this.saveDevices([{ profile, state }]);
  }

  together(work: () => void): void {
    work();
  }

  close(): void {}
}
