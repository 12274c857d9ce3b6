import { formatHex } from "../../lorawan/hex.ts";
import { type ReceivedUplink, type Reception, rankReceptions } from "../gateway/received-uplink.ts";

/** A copy that comes in this long after the window, over a slow line, is dropped. */
const STRAGGLER_MS = 900;
/** A gateway that hears the same bytes again, this much later, hears a repeated transmission. */
const REPETITION_US = 100_000;
/** Beyond this many frames at once, new ones are dropped: only a flood gets here. */
const MAX_FRAMES = 10_000;

interface Collected {
  readonly phyPayload: Uint8Array;
  readonly receivedAt: number;
  readonly receptions: Reception[];
  isHandedOn: boolean;
}

/** Merges the copies of a frame from several gateways: the first opens a window, its end closes it. */
export class Deduplicator {
  readonly #windowMs: number;
  readonly #onUplink: (uplink: ReceivedUplink) => void;
  readonly #frames = new Map<string, Collected>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(windowMs: number, onUplink: (uplink: ReceivedUplink) => void) {
    this.#windowMs = windowMs;
    this.#onUplink = onUplink;
  }

  /** One copy of a frame. */
  add(phyPayload: Uint8Array, reception: Reception, receivedAt: number): void {
    const key = formatHex(phyPayload);
    const known = this.#frames.get(key);
    if (known !== undefined && !isRepetition(known, reception)) {
      if (!known.isHandedOn) known.receptions.push(reception);
      return;
    }
    if (this.#frames.size >= MAX_FRAMES) return;
    const collected = { phyPayload, receivedAt, receptions: [reception], isHandedOn: false };
    this.#frames.set(key, collected);
    this.#after(this.#windowMs, () => this.#handOn(key, collected));
  }

  /** Forgets what was not handed on yet. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#frames.clear();
  }

  #handOn(key: string, collected: Collected): void {
    collected.isHandedOn = true;
    this.#after(STRAGGLER_MS, () => {
      if (this.#frames.get(key) === collected) this.#frames.delete(key);
    });
    const { phyPayload, receivedAt } = collected;
    const receptions = rankReceptions(collected.receptions);
    const [best] = receptions;
    if (best !== undefined) this.#onUplink({ phyPayload, receivedAt, best, receptions });
  }

  #after(delayMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function isRepetition(known: Collected, reception: Reception): boolean {
  const earlier = known.receptions.find(({ gatewayEui }) => gatewayEui === reception.gatewayEui);
  if (!known.isHandedOn || earlier === undefined) return false;
  return (reception.tmst - earlier.tmst + 2 ** 32) % 2 ** 32 > REPETITION_US;
}
