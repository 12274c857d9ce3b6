import { type Aes128Key, exportAes128Key, importAes128Key } from "../../../crypto/aes128.ts";
import type { Session } from "../../../join-server/session.ts";
import { formatHex, parseHex } from "../../../lorawan/hex.ts";
import type { SessionKeys } from "../../../lorawan/keys/session-keys.ts";
import { ObjectNotes } from "../object-notes.ts";

interface StoredSession {
  readonly sessionKeyId: string;
  readonly joinNonce: number;
  readonly origin: Session["origin"];
  readonly optNeg: boolean;
  /** FNwkSIntKey, SNwkSIntKey, NwkSEncKey, AppSKey in hex. */
  readonly keys: readonly [string, string, string, string];
  readonly rjCount0?: number;
  readonly isProvenInUse: boolean;
  readonly createdAt: number;
}

/** Keys as they are stored, which nothing shows that is printed. */
class StoredKeys {
  readonly #texts: StoredSession["keys"];

  constructor(texts: StoredSession["keys"]) {
    this.#texts = texts;
  }

  texts(): StoredSession["keys"] {
    return this.#texts;
  }
}

/**
 * The keys of sessions as they are stored. A join keeps the sessions before its own and looks at none of
 * their keys: to import and export them would take longer than to encrypt.
 */
const storedKeys = new ObjectNotes<SessionKeys, StoredKeys>();

/** The sessions of a device as the one value of its row that holds them: JSON in UTF-8. */
export function encodeSessions(sessions: readonly Session[]): Uint8Array {
  const stored = sessions.map(({ keys, rjCount0, ...rest }): StoredSession => {
    return { ...rest, ...(rjCount0 !== undefined && { rjCount0 }), keys: encodeKeys(keys) };
  });
  return new TextEncoder().encode(JSON.stringify(stored));
}

/** Epoch milliseconds of the start of the newest session of `encodeSessions`, without its keys. */
export function newestSessionStart(bytes: Uint8Array): number | undefined {
  const [newest] = JSON.parse(new TextDecoder().decode(bytes)) as StoredSession[];
  return newest?.createdAt;
}

/** The inverse of `encodeSessions`. */
export function decodeSessions(bytes: Uint8Array): Session[] {
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as StoredSession[];
  return stored.map(({ keys, rjCount0, ...rest }): Session => {
    return { ...rest, rjCount0, keys: decodeKeys(keys, rest.optNeg) };
  });
}

function encodeKeys(keys: SessionKeys): StoredSession["keys"] {
  const known = storedKeys.get(keys);
  if (known !== undefined) return known.texts();
  const hex = (key: Aes128Key): string => formatHex(exportAes128Key(key));
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = keys;
  const encoded = [hex(fNwkSIntKey), hex(sNwkSIntKey), hex(nwkSEncKey), hex(appSKey)] as const;
  storedKeys.set(keys, new StoredKeys(encoded));
  return encoded;
}

/** Each key is made when it is first asked for, and then stays the same object. */
function decodeKeys(stored: StoredSession["keys"], optNeg: boolean): SessionKeys {
  const made: (Aes128Key | undefined)[] = [];
  const key = (index: 0 | 1 | 2 | 3): Aes128Key => {
    made[index] ??= importAes128Key(parseHex(stored[index], 16));
    return made[index];
  };
  const keys: SessionKeys = {
    get fNwkSIntKey() {
      return key(0);
    },
    get sNwkSIntKey() {
      return key(optNeg ? 1 : 0);
    },
    get nwkSEncKey() {
      return key(optNeg ? 2 : 0);
    },
    get appSKey() {
      return key(3);
    },
  };
  storedKeys.set(keys, new StoredKeys(stored));
  return keys;
}
