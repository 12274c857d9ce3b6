import type { Timeline } from "../time/timeline.ts";
import type { DownlinkReceiver, RadioFrame, ReceiveWindow } from "./radio-frame.ts";

/**
 * How far the start of a downlink may be from the opening of a window, either way. The device is at
 * most 20 µs off (LoRaWAN 1.1 §3.3.1), but listens long enough to detect a preamble.
 */
const WINDOW_TOLERANCE_MS = 20;

/** The windows of one device after one uplink. */
export class Listening {
  readonly receiver: DownlinkReceiver;
  readonly windows: readonly ReceiveWindow[];
  readonly #timeline: Timeline;
  #isClosed = false;
  #busyUntil = 0;
  #onClosed: () => void = () => undefined;

  constructor(timeline: Timeline, receiver: DownlinkReceiver, windows: readonly ReceiveWindow[]) {
    this.#timeline = timeline;
    this.receiver = receiver;
    this.windows = windows;
  }

  /** The window this frame falls into, open or not. */
  windowOf(frame: RadioFrame): ReceiveWindow | undefined {
    return this.windows.find(
      (window) =>
        window.frequencyHz === frame.frequencyHz &&
        window.modulation === frame.modulation &&
        Math.abs(window.opensAt - frame.startsAt) <= WINDOW_TOLERANCE_MS,
    );
  }

  /** A receiver that is in the middle of one frame hears no other. */
  canHear(frame: RadioFrame): boolean {
    const isFree = !this.#isClosed && this.#timeline.now() >= this.#busyUntil;
    return isFree && this.windowOf(frame) !== undefined;
  }

  /** The last moment at which a preamble still falls into the window. */
  lastMomentOf(window: ReceiveWindow): number {
    return window.opensAt + WINDOW_TOLERANCE_MS;
  }

  /** Receives a frame that starts now, if the receiver is free. */
  hear(frame: RadioFrame): void {
    const window = this.windowOf(frame);
    if (window === undefined || !this.canHear(frame)) return;
    this.#busyUntil = frame.startsAt + frame.timeOnAirMs;
    this.#timeline.at(this.#busyUntil, () => {
      if (!this.#isClosed && this.receiver.receive(frame.phyPayload, window)) this.#close();
    });
  }

  /** Closes after the last window, or after the frame that is being received then. */
  closeInTime(onClosed: () => void): void {
    this.#onClosed = onClosed;
    const last = Math.max(...this.windows.map((window) => this.lastMomentOf(window)));
    this.#closeAt(last + 1);
  }

  #closeAt(time: number): void {
    this.#timeline.at(time, () => {
      if (this.#isClosed) return;
      if (this.#busyUntil > time) this.#closeAt(this.#busyUntil + 1);
      else this.#close();
    });
  }

  #close(): void {
    this.#isClosed = true;
    this.#onClosed();
    this.receiver.windowsClosed();
  }
}
