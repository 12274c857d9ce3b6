import { type Aes128Key, importAes128KeyAt, writeAes128Key } from "../../../../crypto/aes128.ts";
import type { Session } from "../../../../join-server/session.ts";
import type { SessionKeys } from "../../../../lorawan/keys/session-keys.ts";

const KEY_BYTES = 16;
const KEY_NAMES = ["fNwkSIntKey", "appSKey", "sNwkSIntKey", "nwkSEncKey"] as const;
/** Without OptNeg the network keys are one key, the first. */
const KEYS_10 = 2;
const KEYS_11 = 4;

/** Bytes of the keys of a session. */
export function keysLengthBytes(optNeg: boolean): number {
  return (optNeg ? KEYS_11 : KEYS_10) * KEY_BYTES;
}

/**
 * The keys of a session as they are stored:
 *
 * | FNwkSIntKey | AppSKey | SNwkSIntKey | NwkSEncKey |
 * |     16      |   16    |     16      |     16     |  bytes, the last two only with OptNeg
 *
 * A join keeps the sessions before its own and looks at none of their keys, and a device in memory may never be
 * asked for them. So each key is made when it is first asked for, and then stays the same object. Nothing shows the
 * bytes that is printed.
 */
export class StoredSessionKeys implements SessionKeys {
  readonly #bytes: Uint8Array;
  #made: (Aes128Key | undefined)[] | undefined;

  /** @param bytes as long as `keysLengthBytes` says, and never changed afterwards */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get fNwkSIntKey(): Aes128Key {
    return this.#key(0);
  }
  get appSKey(): Aes128Key {
    return this.#key(1);
  }
  get sNwkSIntKey(): Aes128Key {
    return this.#key(this.#has11 ? 2 : 0);
  }
  get nwkSEncKey(): Aes128Key {
    return this.#key(this.#has11 ? 3 : 0);
  }

  /** The keys in `to`, from `offset` on. */
  write(to: Uint8Array, offset: number): void {
    to.set(this.#bytes, offset);
  }

  get #has11(): boolean {
    return this.#bytes.length === KEYS_11 * KEY_BYTES;
  }

  #key(index: number): Aes128Key {
    this.#made ??= [];
    this.#made[index] ??= importAes128KeyAt(this.#bytes, index * KEY_BYTES);
    return this.#made[index];
  }
}

/** Writes the keys of a session into `to`, from `offset` on; `keysLengthBytes` of them. */
export function writeSessionKeys({ keys, optNeg }: Session, to: Uint8Array, offset: number): void {
  if (keys instanceof StoredSessionKeys) {
    keys.write(to, offset);
    return;
  }
  for (let index = 0; index < (optNeg ? KEYS_11 : KEYS_10); index++) {
    const key = keys[KEY_NAMES[index] as keyof SessionKeys];
    writeAes128Key(key, to, offset + index * KEY_BYTES);
  }
}

/** The sessions with their keys as they are stored, which takes a quarter of the memory; those that have them so. */
export function withStoredKeys(sessions: readonly Session[]): readonly Session[] {
  if (sessions.every(({ keys }) => keys instanceof StoredSessionKeys)) return sessions;
  return sessions.map((session) => {
    if (session.keys instanceof StoredSessionKeys) return session;
    const bytes = new Uint8Array(keysLengthBytes(session.optNeg));
    writeSessionKeys(session, bytes, 0);
    return { ...session, keys: new StoredSessionKeys(bytes) };
  });
}
