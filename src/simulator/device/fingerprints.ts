import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import type { SessionKeys } from "../../lorawan/keys/session-keys.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";

/** Shows which root keys these are, and nothing more. */
export function rootKeyFingerprints({ nwkKey, appKey }: RootKeys) {
  return { nwkKey: keyFingerprint(nwkKey), appKey: keyFingerprint(appKey) };
}

/** Shows which session keys these are, and nothing more. */
export function sessionKeyFingerprints(keys: SessionKeys) {
  return {
    fNwkSIntKey: keyFingerprint(keys.fNwkSIntKey),
    sNwkSIntKey: keyFingerprint(keys.sNwkSIntKey),
    nwkSEncKey: keyFingerprint(keys.nwkSEncKey),
    appSKey: keyFingerprint(keys.appSKey),
  };
}
