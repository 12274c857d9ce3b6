import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { JoinServerEvent } from "../ports/events.ts";

/** Of one device, oldest first each. */
export interface DeviceEvents {
  readonly events: JoinServerEvent[];
  readonly refusals: JoinServerEvent[];
}

/** How much is kept at most. */
export interface RecentDevicesBounds {
  readonly events: number;
  readonly devices: number;
}

/**
 * The devices that something has happened to last. In two halves, since a map that loses its oldest entry with
 * each new one is slow: when the newer half is full, the older one is forgotten.
 */
export class RecentDevices {
  readonly #bounds: RecentDevicesBounds;
  #newer = new Map<Eui64, DeviceEvents>();
  #older = new Map<Eui64, DeviceEvents>();
  #eventsOfNewer = 0;

  constructor(bounds: RecentDevicesBounds) {
    this.#bounds = bounds;
  }

  find(devEui: Eui64): DeviceEvents | undefined {
    return this.#newer.get(devEui) ?? this.#older.get(devEui);
  }

  /** What is kept of a device, for `add`; it counts as one of the newest then. */
  touch(devEui: Eui64): DeviceEvents {
    if (this.#isFull()) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#eventsOfNewer = 0;
    }
    const newer = this.#newer.get(devEui);
    if (newer !== undefined) return newer;
    const kept = this.#older.get(devEui) ?? { events: [], refusals: [] };
    this.#older.delete(devEui);
    this.#newer.set(devEui, kept);
    this.#eventsOfNewer += kept.events.length + kept.refusals.length;
    return kept;
  }

  /** @param list one of a device that was just touched */
  add(list: JoinServerEvent[], event: JoinServerEvent, max: number): void {
    list.push(event);
    if (list.length > max) list.shift();
    else this.#eventsOfNewer++;
  }

  #isFull(): boolean {
    return (
      this.#newer.size >= this.#bounds.devices / 2 || this.#eventsOfNewer >= this.#bounds.events / 2
    );
  }
}
