import { exportAes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { ByteWriter } from "../../lorawan/byte-writer.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { SessionKeys } from "../../lorawan/keys/session-keys.ts";

/** A session as an update binds itself to it. */
export interface UpdateSession extends SessionKeys {
  /** JoinNonce (AppNonce in 1.0.x) of the Join-Accept that made the session: 24 bits. */
  readonly joinNonce: number;
}

/** The update that two root key generations are bound to, as both sides see it. */
export interface UpdateBinding {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  /** 1..65535 */
  readonly updateId: number;
  /** The suite octet, with the healing flag of a healing update. */
  readonly suite: number;
  /** 3 octets, as drawn by the Join Server. */
  readonly jsNonce: Uint8Array;
  /** The Join Server's 32 octets in a healing update. */
  readonly jsPublicKey?: Uint8Array | undefined;
}

/** An update once the device has answered: what both sides prove the new keys over. */
export interface UpdateTranscript extends UpdateBinding {
  /** 4 octets, as drawn by the end-device. */
  readonly edNonce: Uint8Array;
  /** The end-device's 32 octets in a healing update. */
  readonly edPublicKey?: Uint8Array | undefined;
}

export interface UpdateContext extends UpdateTranscript {
  /** JoinNonce of the session. */
  readonly joinNonce: number;
  readonly sessionKeys: SessionKeys;
}

/**
 * The context c of a key derivation: 96 octets, integers and EUIs little-endian, nonces and keys as
 * they are. The public keys of a healing update are not in it: the MICs bind them.
 *
 * | DevEUI | JoinEUI | UpdateID | suite | JSNonce | EDNonce | JoinNonce | 0 | session keys |
 * |   8    |    8    |    2     |   1   |    3    |    4    |     3     | 3 |    16 × 4    |
 *
 * @throws WarrenError `value-out-of-range` when a field does not fit
 */
export function encodeUpdateContext(context: UpdateContext): Uint8Array {
  if (context.jsNonce.length !== 3 || context.edNonce.length !== 4) {
    throw new WarrenError("value-out-of-range", "JSNonce has 3 octets and EDNonce 4");
  }
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = context.sessionKeys;
  return new ByteWriter()
    .eui64(context.devEui)
    .eui64(context.joinEui)
    .uint16(context.updateId, "UpdateID")
    .uint8(context.suite, "suite")
    .bytes(context.jsNonce)
    .bytes(context.edNonce)
    .uint24(context.joinNonce, "JoinNonce")
    .bytes(new Uint8Array(3))
    .bytes(exportAes128Key(fNwkSIntKey))
    .bytes(exportAes128Key(sNwkSIntKey))
    .bytes(exportAes128Key(nwkSEncKey))
    .bytes(exportAes128Key(appSKey))
    .toBytes();
}
