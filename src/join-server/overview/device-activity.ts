import type { ErrorCode } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { JoinServerEvent } from "../ports/events.ts";
import { type DeviceEvents, RecentDevices } from "./recent-devices.ts";

/** Refusals that come after the device was found on record: nobody can cause them for one that is made up. */
const OF_KNOWN_DEVICES: ReadonlySet<string> = new Set<ErrorCode>([
  "mic-mismatch",
  "dev-nonce-replayed",
  "rj-count-replayed",
  "rejoin-too-often",
  "join-nonce-exhausted",
  "root-key-missing",
  "version-contradiction",
  "activation-disallowed",
  "device-disabled",
  "session-unknown",
]);

/** Events and refusals kept of one device; together what is shown of it. */
const EVENTS_MAX = 30;
const REFUSALS_MAX = 20;
/** Of devices that are on record, and of DevEUIs that may be anything: events, and devices. */
const KNOWN_BOUNDS = { events: 200_000, devices: 20_000 };
const OTHER_BOUNDS = { events: 10_000, devices: 2_000 };

/**
 * The newest events of each device, in memory of this process.
 *
 * Whoever sends refused requests, over the air or over the wire, can fill memory with nothing but refusals. So
 * refusals of a device do not push out what it did, but only its older refusals; and those of DevEUIs that are
 * not known to be on record have a place of their own, where they push out each other. Known is a device once an
 * event tells of it that only one on record has.
 */
export class DeviceActivity {
  readonly since: number;
  readonly #known = new RecentDevices(KNOWN_BOUNDS);
  readonly #others = new RecentDevices(OTHER_BOUNDS);

  /** @param since epoch milliseconds of the start of the process */
  constructor(since: number) {
    this.since = since;
  }

  receive(event: JoinServerEvent): void {
    const { devEui } = event;
    if (devEui === undefined) return;
    const isRefusal = event.kind.endsWith("-refused");
    const isOfKnown = !isRefusal || OF_KNOWN_DEVICES.has(event.reason ?? "");
    const book = isOfKnown || this.#known.find(devEui) !== undefined ? this.#known : this.#others;
    if (isRefusal) book.add(devEui, "refusals", event, REFUSALS_MAX);
    else book.add(devEui, "events", event, EVENTS_MAX);
  }

  /** Newest first, at most 50; of a DevEUI that nobody has asked for none. */
  eventsOf(devEui: Eui64): JoinServerEvent[] {
    const places = [this.#known.find(devEui), this.#others.find(devEui)];
    return places
      .flatMap((kept) => (kept === undefined ? [] : allOf(kept)))
      .toSorted((a, b) => b.at - a.at)
      .slice(0, EVENTS_MAX + REFUSALS_MAX);
  }
}

/** Newest first, so that a stable sort leaves those of one millisecond in their order. */
function allOf({ events, refusals }: Readonly<DeviceEvents>): JoinServerEvent[] {
  return [...events.toReversed(), ...refusals.toReversed()];
}
