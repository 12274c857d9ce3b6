import { TxError } from "../../gwmp/tx-ack.ts";

/** A frame that the concentrator is to send, in simulated ms. */
export interface Slot {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Programming the concentrator takes this long before the first symbol. */
const PROGRAMMING_MS = 30;
/** A time further ahead than this is taken for one in the past, since `tmst` wraps. */
const FURTHEST_AHEAD_MS = 500_000;
/** Least gap between two frames. */
const GAP_MS = 2.5;

/** The frames a gateway has promised to send: one radio, so no two at a time. */
export class TransmitQueue {
  #slots: Slot[] = [];

  /**
   * Takes a frame in, or says why not.
   *
   * @returns the error for the TX_ACK; undefined when the frame was taken
   */
  add(slot: Slot, now: number): TxError | undefined {
    this.#slots = this.#slots.filter((other) => other.endsAt + GAP_MS >= now);
    const aheadMs = slot.startsAt - now;
    if (aheadMs < PROGRAMMING_MS) return TxError.TooLate;
    if (aheadMs > FURTHEST_AHEAD_MS) return TxError.TooEarly;
    if (this.#slots.some((other) => overlap(slot, other))) return TxError.CollisionPacket;
    this.#slots.push(slot);
    return undefined;
  }
}

function overlap(a: Slot, b: Slot): boolean {
  return a.startsAt < b.endsAt + GAP_MS && b.startsAt < a.endsAt + GAP_MS;
}
