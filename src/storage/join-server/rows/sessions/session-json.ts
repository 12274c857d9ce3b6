import { type Aes128Key, importAes128Key } from "../../../../crypto/aes128.ts";
import type { Session } from "../../../../join-server/session.ts";
import { parseHex } from "../../../../lorawan/hex.ts";

/** A session as it was stored until sessions became octets. */
interface JsonSession {
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

/** Reads JSON in UTF-8, which stays in the rows of devices that nobody has saved since. */
export function decodeJsonSessions(bytes: Uint8Array): Session[] {
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as JsonSession[];
  return stored.map(({ keys, rjCount0, ...rest }): Session => {
    const [fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey] = keys.map((text) =>
      importAes128Key(parseHex(text, 16)),
    ) as [Aes128Key, Aes128Key, Aes128Key, Aes128Key];
    const network = rest.optNeg
      ? { fNwkSIntKey, sNwkSIntKey, nwkSEncKey }
      : { fNwkSIntKey, sNwkSIntKey: fNwkSIntKey, nwkSEncKey: fNwkSIntKey };
    return { ...rest, rjCount0, foreignJoinEui: undefined, keys: { ...network, appSKey } };
  });
}
