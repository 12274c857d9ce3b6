import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { sha256Hex } from "../../crypto/sha256.ts";

/** 192 bits: 32 characters of base64url. */
const CODE_BYTES = 24;
const LIFETIME_MS = 10 * 60_000;
const CODES_MAX = 1_000;
/** So that one token cannot push out the codes of others. */
const CODES_MAX_PER_TOKEN = 20;

interface Entry {
  readonly tokenHash: string;
  readonly expiresAt: number;
}

/**
 * One-time codes that stand for an API token at the sign-in, so that a link to the console never has the
 * token itself. In the memory of this process, by their hash.
 */
export class SignInCodes {
  readonly #clock: Clock;
  readonly #randomBytes: RandomBytes;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, randomBytes: RandomBytes) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  /**
   * A new code, for ten minutes. Beyond 20 of one token, or 1,000 in all, the oldest goes.
   *
   * @returns `expiresAt` in epoch milliseconds
   */
  draw(tokenHash: string): { readonly code: string; readonly expiresAt: number } {
    const now = this.#clock.now();
    this.#makeRoom(tokenHash, now);
    const code = Buffer.from(this.#randomBytes(CODE_BYTES)).toString("base64url");
    const expiresAt = now + LIFETIME_MS;
    this.#entries.set(sha256Hex(code), { tokenHash, expiresAt });
    return { code, expiresAt };
  }

  /** Uses a code up. Undefined for one that is unknown, used or too old, else the hash of its token. */
  take(code: string): string | undefined {
    const hash = sha256Hex(code);
    const entry = this.#entries.get(hash);
    this.#entries.delete(hash);
    return entry === undefined || entry.expiresAt <= this.#clock.now()
      ? undefined
      : entry.tokenHash;
  }

  #makeRoom(tokenHash: string, now: number): void {
    for (const [hash, { expiresAt }] of this.#entries) {
      if (expiresAt <= now) this.#entries.delete(hash);
    }
    const own = [...this.#entries].filter(([, entry]) => entry.tokenHash === tokenHash);
    const [ownOldest] = own[0] ?? [];
    const [oldest] = this.#entries.keys();
    if (own.length >= CODES_MAX_PER_TOKEN && ownOldest !== undefined) {
      this.#entries.delete(ownOldest);
    } else if (this.#entries.size >= CODES_MAX && oldest !== undefined) {
      this.#entries.delete(oldest);
    }
  }
}
