import type { Timeline } from "../time/timeline.ts";
import { EchoStore } from "./echo-store.ts";
import { Listening } from "./listening.ts";
import type {
  AirSettings,
  DownlinkReceiver,
  RadioFrame,
  ReceiveWindow,
  UplinkReceiver,
} from "./radio-frame.ts";
import type { Chance } from "./seeded-random.ts";

/** A repeated uplink comes within this time, or within the delay if that is longer. */
const SHORTEST_REPEAT_MS = 100;

/**
 * The radio channel between all devices and all gateways of this process. Frames do not interfere with
 * each other; what goes wrong is set by `AirSettings` and drawn from `chance`.
 */
export class Air {
  settings: AirSettings;
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  /** With their numbers, from 0. */
  readonly #gateways = new Map<UplinkReceiver, number>();
  readonly #listening = new Map<string, Set<Listening>>();
  readonly #echoes: EchoStore;

  constructor(timeline: Timeline, chance: Chance, settings: AirSettings) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.#echoes = new EchoStore(chance);
    this.settings = settings;
  }

  addGateway(gateway: UplinkReceiver): void {
    this.#gateways.set(gateway, this.#gateways.size);
  }

  /**
   * Sends an uplink that starts now, and opens `windows` after it for `receiver`. Each gateway hears it
   * at its end or, with a delay, later: the frame itself always says when it was on the air.
   */
  sendUplink(
    frame: RadioFrame,
    windows: readonly ReceiveWindow[],
    receiver: DownlinkReceiver,
  ): void {
    for (const gateway of this.#gateways.keys()) {
      if (!this.#isInRange(receiver, gateway)) continue;
      if (this.#chance() < this.settings.lossUp) continue;
      this.#hear(gateway, frame, this.#drawDelayMs());
      if (this.#chance() >= this.settings.duplicate) continue;
      const lateByMs = this.#chance() * Math.max(this.settings.delayMs, SHORTEST_REPEAT_MS);
      this.#hear(gateway, { ...frame, startsAt: frame.startsAt + lateByMs }, 0);
    }
    this.#listen(new Listening(this.#timeline, receiver, windows));
  }

  /** Sends a downlink of a gateway that starts at `frame.startsAt`, not before now. */
  sendDownlink(frame: RadioFrame, from?: UplinkReceiver): void {
    this.#timeline.at(frame.startsAt, () => {
      const hearers = this.#hearersOf(frame, from);
      const lateByMs = this.#drawDelayMs();
      if (lateByMs === 0) this.#deliver(frame, hearers);
      else this.#deliverLate({ ...frame, startsAt: frame.startsAt + lateByMs }, hearers, from);
    });
  }

  /** Drops what is kept for a device that is gone. */
  forget(receiver: DownlinkReceiver): void {
    this.#echoes.forget(receiver);
  }

  #hear(gateway: UplinkReceiver, frame: RadioFrame, lateByMs: number): void {
    const heardAt = frame.startsAt + frame.timeOnAirMs + lateByMs;
    this.#timeline.at(heardAt, () => gateway.receive(frame));
  }

  #listen(listening: Listening): void {
    for (const window of listening.windows) {
      const channel = channelOf(window);
      const onChannel = this.#listening.get(channel) ?? new Set();
      this.#listening.set(channel, onChannel.add(listening));
    }
    for (const { frame, window } of this.#echoes.draw(listening.receiver, listening.windows)) {
      this.#timeline.at(listening.lastMomentOf(window), () =>
        listening.hear({ ...frame, ...window, startsAt: this.#timeline.now() }),
      );
    }
    listening.closeInTime(() => {
      for (const window of listening.windows) {
        const onChannel = this.#listening.get(channelOf(window));
        onChannel?.delete(listening);
        if (onChannel?.size === 0) this.#listening.delete(channelOf(window));
      }
    });
  }

  #hearersOf(frame: RadioFrame, from: UplinkReceiver | undefined): Listening[] {
    const onChannel = this.#listening.get(channelOf(frame)) ?? [];
    return [...onChannel].filter(
      (listening) =>
        this.#isInRange(listening.receiver, from) &&
        listening.canHear(frame) &&
        this.#chance() >= this.settings.lossDown,
    );
  }

  /** The gateways stand in a ring; a device reaches as many neighbours as it is set to. */
  #isInRange({ place }: DownlinkReceiver, gateway: UplinkReceiver | undefined): boolean {
    const index = gateway && this.#gateways.get(gateway);
    const count = this.#gateways.size;
    const { gatewaysInRange = count } = this.settings;
    return index === undefined || (index + count - (place % count)) % count < gatewaysInRange;
  }

  #deliver(frame: RadioFrame, hearers: readonly Listening[]): void {
    for (const hearer of hearers) hearer.hear(frame);
    if (this.#chance() >= this.settings.duplicate) return;
    for (const { receiver } of hearers) this.#echoes.keep(receiver, frame);
  }

  /** A frame that is too late for everybody comes after a later uplink of who should have heard it. */
  #deliverLate(
    frame: RadioFrame,
    intended: readonly Listening[],
    from: UplinkReceiver | undefined,
  ): void {
    this.#timeline.at(frame.startsAt, () => {
      const hearers = this.#hearersOf(frame, from);
      if (hearers.length > 0) this.#deliver(frame, hearers);
      else for (const { receiver } of intended) this.#echoes.keep(receiver, frame);
    });
  }

  #drawDelayMs(): number {
    return this.settings.delayMs === 0 ? 0 : this.#chance() * this.settings.delayMs;
  }
}

function channelOf(place: Pick<RadioFrame, "frequencyHz" | "modulation">): string {
  return `${place.frequencyHz}/${place.modulation}`;
}
