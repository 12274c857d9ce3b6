import { exportAes128Key, importAes128Key } from "../../../crypto/aes128.ts";
import type { Session } from "../../../join-server/session.ts";
import { formatHex, parseHex } from "../../../lorawan/hex.ts";

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

/** The sessions of a device as the one value of its row that holds them: JSON in UTF-8. */
export function encodeSessions(sessions: readonly Session[]): Uint8Array {
  const stored = sessions.map(({ keys, rjCount0, ...rest }): StoredSession => {
    const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = keys;
    const hex = (key: typeof appSKey): string => formatHex(exportAes128Key(key));
    return {
      ...rest,
      ...(rjCount0 !== undefined && { rjCount0 }),
      keys: [hex(fNwkSIntKey), hex(sNwkSIntKey), hex(nwkSEncKey), hex(appSKey)],
    };
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
    const key = (index: 0 | 1 | 2 | 3) => importAes128Key(parseHex(keys[index], 16));
    const fNwkSIntKey = key(0);
    return {
      ...rest,
      rjCount0,
      keys: {
        fNwkSIntKey,
        sNwkSIntKey: rest.optNeg ? key(1) : fNwkSIntKey,
        nwkSEncKey: rest.optNeg ? key(2) : fNwkSIntKey,
        appSKey: key(3),
      },
    };
  });
}
