import type { DownlinkReceiver, RadioFrame, ReceiveWindow } from "./radio-frame.ts";
import type { Chance } from "./seeded-random.ts";

/** Recordings kept for one device; older ones go first. */
const KEPT_PER_DEVICE = 4;
/** Share of the uplinks after which one recording comes back. */
const SHARE_SENT = 0.5;

/**
 * Downlinks that come again: late ones and recorded ones. They reach the device in some window after a
 * later uplink, as a replay does, so that what must be refused is really tried.
 */
export class EchoStore {
  readonly #chance: Chance;
  readonly #frames = new Map<DownlinkReceiver, RadioFrame[]>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  keep(receiver: DownlinkReceiver, frame: RadioFrame): void {
    const kept = this.#frames.get(receiver) ?? [];
    this.#frames.set(receiver, [...kept, frame].slice(-KEPT_PER_DEVICE));
  }

  /** Takes out the recordings that come now, each with the window it comes in. */
  draw(
    receiver: DownlinkReceiver,
    windows: readonly ReceiveWindow[],
  ): { readonly frame: RadioFrame; readonly window: ReceiveWindow }[] {
    const kept = this.#frames.get(receiver);
    const frame = kept?.[0];
    if (kept === undefined || frame === undefined || this.#chance() >= SHARE_SENT) return [];
    const window = windows[Math.floor(this.#chance() * windows.length)];
    if (window === undefined) return [];
    if (kept.length === 1) this.#frames.delete(receiver);
    else this.#frames.set(receiver, kept.slice(1));
    return [{ frame, window }];
  }

  forget(receiver: DownlinkReceiver): void {
    this.#frames.delete(receiver);
  }
}
