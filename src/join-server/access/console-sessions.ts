import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { sha256Hex } from "../../crypto/sha256.ts";
import { makeRoom } from "./make-room.ts";

const ID_BYTES = 32;
const ID_FORM = /^[A-Za-z0-9_-]{43}$/;
const LIFETIME_MS = 12 * 60 * 60_000;
const IDLE_MS = 2 * 60 * 60_000;
const ROOM = { ofOneToken: 50, ofAll: 1_000 };

/** A browser that has shown an API token once, and since then shows only a cookie. */
export interface ConsoleSession {
  /** SHA-256 in hex: nobody who reads the memory of the process gets a cookie out of it. */
  readonly idHash: string;
  /** As the Authenticator takes it, since a session ends with its token. */
  readonly tokenHash: string;
  /** What the pages send with every change, and other sites cannot read. */
  readonly csrfToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

interface Entry {
  readonly session: ConsoleSession;
  lastUsedAt: number;
}

/** Sessions of the console, in the memory of this process: a restart signs everybody out. */
export class ConsoleSessions {
  readonly #clock: Clock;
  readonly #randomBytes: RandomBytes;
  /** By hash of the id, those unused for longest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, randomBytes: RandomBytes) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  /**
   * A new session, for at most 12 hours.
   *
   * @param tokenExpiresAt epoch milliseconds; the session ends then at the latest
   * @returns with the id, 256 random bits in base64url, which is not kept
   */
  start(
    tokenHash: string,
    tokenExpiresAt: number | undefined,
  ): { readonly id: string; readonly session: ConsoleSession } {
    const now = this.#clock.now();
    makeRoom(this.#entries, tokenHash, {
      room: ROOM,
      isOver: (entry) => isOver(entry, now),
      tokenHashOf: (entry) => entry.session.tokenHash,
    });
    const id = this.#draw();
    const session = {
      idHash: sha256Hex(id),
      tokenHash,
      csrfToken: this.#draw(),
      expiresAt: Math.min(now + LIFETIME_MS, tokenExpiresAt ?? Number.POSITIVE_INFINITY),
    };
    this.#entries.set(session.idHash, { session, lastUsedAt: now });
    return { id, session };
  }

  /** The session of a cookie, which goes on for two idle hours. Undefined when there is none, or no longer. */
  use(id: string): ConsoleSession | undefined {
    const entry = this.#find(id);
    if (entry === undefined) return undefined;
    entry.lastUsedAt = this.#clock.now();
    this.#entries.delete(entry.session.idHash);
    this.#entries.set(entry.session.idHash, entry);
    return entry.session;
  }

  /** As `use`, but it does not count as use: for an answer that goes on by itself. */
  look(id: string): ConsoleSession | undefined {
    return this.#find(id)?.session;
  }

  end({ idHash }: ConsoleSession): void {
    this.#entries.delete(idHash);
  }

  #draw(): string {
    return Buffer.from(this.#randomBytes(ID_BYTES)).toString("base64url");
  }

  #find(id: string): Entry | undefined {
    if (!ID_FORM.test(id)) return undefined;
    const entry = this.#entries.get(sha256Hex(id));
    if (entry === undefined || !isOver(entry, this.#clock.now())) return entry;
    this.#entries.delete(entry.session.idHash);
    return undefined;
  }
}

function isOver({ session, lastUsedAt }: Entry, now: number): boolean {
  return session.expiresAt <= now || lastUsedAt + IDLE_MS <= now;
}
