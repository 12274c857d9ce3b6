import { formatHex } from "../../lorawan/hex.ts";
import { type ReceivedUplink, type Reception, rankReceptions } from "../gateway/received-uplink.ts";

/** A copy that comes in this long after the window, over a slow line, is dropped. */
const STRAGGLER_MS = 900;
/** A gateway that hears the same bytes again, this much later, hears a repeated transmission. */
const REPETITION_US = 100_000;
/** Frames of the last second beyond which new ones are dropped: only a flood gets here. */
const MAX_FRAMES = 100_000;
/** Windows that end within this time of each other are closed together: what follows costs less for many. */
const GATHER_MS = 10;

interface Collected {
  readonly phyPayload: Uint8Array;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Milliseconds on the monotonic clock at which the first copy came. */
  readonly openedAt: number;
  readonly receptions: Reception[];
  isHandedOn: boolean;
}

/** Merges the copies of a frame from several gateways: the first opens a window, its end closes it. */
export class Deduplicator {
  readonly #windowMs: number;
  readonly #onUplinks: (uplinks: readonly ReceivedUplink[]) => void;
  /** In the order of their first copies. */
  readonly #frames = new Map<string, Collected>();
  /** In the order in which their windows end. */
  #open: Collected[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastClosedAt = Number.NEGATIVE_INFINITY;

  /** @param onUplinks takes uplinks whose windows have ended, oldest first */
  constructor(windowMs: number, onUplinks: (uplinks: readonly ReceivedUplink[]) => void) {
    this.#windowMs = windowMs;
    this.#onUplinks = onUplinks;
  }

  /** One copy of a frame. */
  add(phyPayload: Uint8Array, reception: Reception, receivedAt: number): void {
    const now = performance.now();
    const key = formatHex(phyPayload);
    const known = this.#frames.get(key);
    if (known !== undefined && !this.#isForgotten(known, now) && !isRepetition(known, reception)) {
      if (!known.isHandedOn) known.receptions.push(reception);
      return;
    }
    if (this.#frames.size >= MAX_FRAMES) this.#forget(now);
    if (this.#frames.size >= MAX_FRAMES) return;
    const collected = {
      ...{ phyPayload, receivedAt, openedAt: now },
      ...{ receptions: [reception], isHandedOn: false },
    };
    // Taken out first, or it would keep the place of the one before.
    this.#frames.delete(key);
    this.#frames.set(key, collected);
    this.#open.push(collected);
    this.#timer ??= this.#timerFor(collected);
  }

  /** Forgets what was not handed on yet. */
  close(): void {
    clearTimeout(this.#timer);
    this.#frames.clear();
    this.#open = [];
  }

  #timerFor({ openedAt }: Collected): NodeJS.Timeout {
    const at = Math.max(openedAt + this.#windowMs, this.#lastClosedAt + GATHER_MS);
    return setTimeout(() => this.#closeWindows(), Math.max(at - performance.now(), 0));
  }

  #closeWindows(): void {
    const now = performance.now();
    this.#lastClosedAt = now;
    // A timer may come a fraction of a millisecond early.
    const latest = now - this.#windowMs + 1;
    const firstOpen = this.#open.findIndex(({ openedAt }) => openedAt > latest);
    const due = this.#open.splice(0, firstOpen === -1 ? this.#open.length : firstOpen);
    for (const collected of due) collected.isHandedOn = true;
    this.#forget(now);
    const [next] = this.#open;
    this.#timer = next && this.#timerFor(next);
    if (due.length > 0) this.#onUplinks(due.flatMap(uplinkOf));
  }

  #isForgotten({ openedAt }: Collected, now: number): boolean {
    return openedAt + this.#windowMs + STRAGGLER_MS < now;
  }

  #forget(now: number): void {
    for (const [key, collected] of this.#frames) {
      if (!this.#isForgotten(collected, now)) return;
      this.#frames.delete(key);
    }
  }
}

function uplinkOf({ phyPayload, receivedAt, receptions }: Collected): ReceivedUplink[] {
  const ranked = rankReceptions(receptions);
  const [best] = ranked;
  return best === undefined ? [] : [{ phyPayload, receivedAt, best, receptions: ranked }];
}

function isRepetition(known: Collected, reception: Reception): boolean {
  const earlier = known.receptions.find(({ gatewayEui }) => gatewayEui === reception.gatewayEui);
  if (!known.isHandedOn || earlier === undefined) return false;
  return (reception.tmst - earlier.tmst + 2 ** 32) % 2 ** 32 > REPETITION_US;
}
