import type { Aes128Key } from "../../crypto/aes128.ts";
import { ByteWriter } from "../byte-writer.ts";
import type { Eui64, NetId } from "../identifiers.ts";
import { deriveKeys } from "./derive-key.ts";

/** The keys of one session. In a 1.0 session the three network keys are one key, NwkSKey. */
export interface SessionKeys {
  readonly fNwkSIntKey: Aes128Key;
  readonly sNwkSIntKey: Aes128Key;
  readonly nwkSEncKey: Aes128Key;
  readonly appSKey: Aes128Key;
}

export interface SessionKeys10Input {
  /** AppKey of a 1.0.x device; NwkKey of a 1.1 device, whose AppKey is not used then. */
  readonly key: Aes128Key;
  /** 0..2^24-1; AppNonce in 1.0.x. */
  readonly joinNonce: number;
  readonly netId: NetId;
  /** 0..65535. */
  readonly devNonce: number;
}

export interface SessionKeys11Input {
  readonly nwkKey: Aes128Key;
  readonly appKey: Aes128Key;
  /** 0..2^24-1. */
  readonly joinNonce: number;
  readonly joinEui: Eui64;
  /** 0..65535; after a rejoin RJcount0 or RJcount1 takes its place (LoRaWAN 1.1 §6.2.4.4). */
  readonly devNonce: number;
}

/**
 * Session keys when OptNeg is unset.
 *
 * | 01 NwkSKey, 02 AppSKey | JoinNonce | NetID | DevNonce | zeros |
 * |           1            |     3     |   3   |    2     |   7   |  bytes, little-endian
 *
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 * @see LoRaWAN 1.0.2 §6.2.5, LoRaWAN 1.1 §6.2.3
 */
export function deriveSessionKeys10(input: SessionKeys10Input): SessionKeys {
  const fields = new ByteWriter()
    .uint24(input.joinNonce, "JoinNonce")
    .netId(input.netId)
    .uint16(input.devNonce, "DevNonce")
    .toBytes();
  const [nwkSKey, appSKey] = deriveKeys(
    [
      { key: input.key, keyType: 0x01 },
      { key: input.key, keyType: 0x02 },
    ],
    fields,
  ) as [Aes128Key, Aes128Key];
  return {
    fNwkSIntKey: nwkSKey,
    sNwkSIntKey: nwkSKey,
    nwkSEncKey: nwkSKey,
    appSKey,
  };
}

/**
 * Session keys when OptNeg is set: network keys from NwkKey, AppSKey from AppKey.
 *
 * | 01 FNwkSIntKey, 02 AppSKey, 03 SNwkSIntKey, 04 NwkSEncKey | JoinNonce | JoinEUI | DevNonce | zeros |
 * |                             1                             |     3     |    8    |    2     |   2   |
 *
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 * @see LoRaWAN 1.1 §6.2.3
 */
export function deriveSessionKeys11(input: SessionKeys11Input): SessionKeys {
  const { nwkKey, appKey } = input;
  const fields = new ByteWriter()
    .uint24(input.joinNonce, "JoinNonce")
    .eui64(input.joinEui)
    .uint16(input.devNonce, "DevNonce")
    .toBytes();
  const [fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey] = deriveKeys(
    [
      { key: nwkKey, keyType: 0x01 },
      { key: nwkKey, keyType: 0x03 },
      { key: nwkKey, keyType: 0x04 },
      { key: appKey, keyType: 0x02 },
    ],
    fields,
  ) as [Aes128Key, Aes128Key, Aes128Key, Aes128Key];
  return { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey };
}
