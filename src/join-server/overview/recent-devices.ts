import type { Eui64 } from "../../lorawan/identifiers.ts";
import { NewestEntries } from "../../newest-entries.ts";
import type { JoinServerEvent } from "../ports/events.ts";

/** Of one device, oldest first each. */
export interface DeviceEvents {
  events: readonly JoinServerEvent[];
  refusals: readonly JoinServerEvent[];
}

/** How much is kept at most. */
export interface RecentDevicesBounds {
  readonly events: number;
  readonly devices: number;
}

/** One for all devices that have none: most are never refused. */
const NONE: readonly JoinServerEvent[] = [];

/** The devices that something has happened to last: as many as the bounds say, or half of that right after forgetting. */
export class RecentDevices {
  readonly #bounds: RecentDevicesBounds;
  readonly #devices = new NewestEntries<Eui64, DeviceEvents>();
  #eventsOfNewer = 0;

  constructor(bounds: RecentDevicesBounds) {
    this.#bounds = bounds;
  }

  find(devEui: Eui64): Readonly<DeviceEvents> | undefined {
    return this.#devices.get(devEui);
  }

  /**
   * Keeps an event; its device counts as one of the newest then.
   *
   * @param max how many of this list are kept of one device
   */
  add(devEui: Eui64, list: keyof DeviceEvents, event: JoinServerEvent, max: number): void {
    const kept = this.#touch(devEui);
    const before = kept[list];
    // A list that grows by `push` would have room for seventeen, and most devices have one event or two.
    kept[list] = [...before.slice(Math.max(0, before.length + 1 - max)), event];
    this.#eventsOfNewer += kept[list].length - before.length;
  }

  #touch(devEui: Eui64): DeviceEvents {
    if (this.#isFull()) {
      this.#devices.forgetOlder();
      this.#eventsOfNewer = 0;
    }
    const known = this.#devices.get(devEui);
    if (known !== undefined && this.#devices.isNewer(devEui)) return known;
    const kept = known ?? { events: NONE, refusals: NONE };
    this.#devices.set(devEui, kept);
    this.#eventsOfNewer += kept.events.length + kept.refusals.length;
    return kept;
  }

  #isFull(): boolean {
    return (
      this.#devices.newerSize >= this.#bounds.devices / 2 ||
      this.#eventsOfNewer >= this.#bounds.events / 2
    );
  }
}
