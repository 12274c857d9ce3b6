import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { sha256Hex } from "../../crypto/sha256.ts";
import { makeRoom } from "./make-room.ts";

/** 192 bits: 32 characters of base64url. */
const CODE_BYTES = 24;
const LIFETIME_MS = 10 * 60_000;
const ROOM = { ofOneToken: 20, ofAll: 1_000 };

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
    makeRoom(this.#entries, tokenHash, {
      room: ROOM,
      isOver: ({ expiresAt }) => expiresAt <= now,
      tokenHashOf: (entry) => entry.tokenHash,
    });
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
}
