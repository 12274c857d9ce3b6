import { type Agenda, emptyAgenda } from "./agenda.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { DeviceProfile } from "./device-profile.ts";
import type { DeviceState } from "./device-state.ts";

/** What a device knows: its profile and state, which are stored, and its agenda, which is not. */
export class DeviceMemory {
  /** Already stored. */
  profile: DeviceProfile;
  readonly agenda: Agenda = emptyAgenda();
  readonly #store: DevicePorts["store"];
  #state: DeviceState;

  constructor(profile: DeviceProfile, state: DeviceState, store: DevicePorts["store"]) {
    this.profile = profile;
    this.#state = state;
    this.#store = store;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Durable when it returns: only then may the device act on it. */
  save(state: DeviceState): void {
    if (state !== this.#state) this.#store.saveState(this.profile, state);
    this.#state = state;
  }
}
