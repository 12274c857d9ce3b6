import { type Aes128Key, equalKeys } from "../crypto/aes128.ts";

/**
 * The root keys of one generation, known to the end-device and its Join Server alone. For a LoRaWAN
 * 1.0.x device `nwkKey` is its AppKey and `appKey` its GenAppKey, or the same AppKey if it has none.
 */
export interface RootKeys {
  readonly nwkKey: Aes128Key;
  readonly appKey: Aes128Key;
}

/** Which of its two root key pairs a side means while an update is confirmed. */
export type WhichKeys = "candidate" | "current";

/** Compares both keys in constant time. */
export function equalRootKeys(a: RootKeys, b: RootKeys): boolean {
  const isNwkKeyEqual = equalKeys(a.nwkKey, b.nwkKey);
  return equalKeys(a.appKey, b.appKey) && isNwkKeyEqual;
}
