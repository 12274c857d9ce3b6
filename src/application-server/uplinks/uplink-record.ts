import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { Reception, UplinkMessage } from "./uplink-message.ts";

/** Why an uplink can't be decrypted, now or later. */
export type UndecryptableReason =
  // the envelope names no key encryption key of this server
  | "kek-label-unknown"
  // the envelope does not open under the key encryption key it names
  | "key-unwrap-failed"
  // this server has a key encryption key, and the key came without
  | "key-not-wrapped"
  // the Join Server does not know the device or the session
  | "session-unknown"
  // the Join Server refuses to hand the key over
  | "join-server-refused"
  // neither the message nor the configuration names the Join Server
  | "join-server-unknown"
  // the operator has not given this server the AppSKey of the ABP device
  | "abp-session-unknown"
  // a newer session took its place and its key is erased
  | "session-replaced"
  // the DevAddr is not the one of the session
  | "identity-contradiction";

/** An uplink as it is kept and shown: decrypted, or with the reason why not. */
export interface UplinkRecord {
  readonly devEui: Eui64;
  readonly devAddr: DevAddr;
  readonly sessionKeyId: string;
  readonly fPort: number;
  readonly fCntUp: number;
  readonly isConfirmed: boolean;
  readonly outcome:
    | { readonly payload: Uint8Array }
    | { readonly undecryptable: UndecryptableReason };
  readonly reception: Reception;
  /** A message of a root key update: nothing for applications. */
  readonly isRootKeyMessage: boolean;
}

export function uplinkRecord(
  message: UplinkMessage,
  outcome: UplinkRecord["outcome"],
  isRootKeyMessage = false,
): UplinkRecord {
  const { devEui, devAddr, sessionKeyId, fPort, fCntUp, isConfirmed, reception } = message;
  return {
    devEui,
    devAddr,
    sessionKeyId,
    fPort,
    fCntUp,
    isConfirmed,
    outcome,
    reception,
    isRootKeyMessage,
  };
}
