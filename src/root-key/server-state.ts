import type { X25519PrivateKey } from "../crypto/x25519.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import type { FragmentCollection } from "./fragments.ts";
import type { RootKeys } from "./root-keys.ts";
import type { Suite } from "./suite.ts";

export type UpdateStatus = "prepared" | "accepted" | "confirmed" | "committed" | "failed";

export type UpdateFailure =
  /** Refusals of the end-device. */
  | "suite-not-supported"
  | "busy"
  /** Three NewKeyReadyReq that fit no session. */
  | "wrong-mics"
  /** The end-device joined with the old keys after the new ones had been confirmed. */
  | "joined-with-current-keys"
  /** By the operator. */
  | "aborted"
  | "expired";

/** One attempt to update. */
export interface UpdateRecord {
  /** 1..65535 */
  readonly updateId: number;
  readonly suite: Suite;
  /** Whether an X25519 exchange goes into the derivation. */
  readonly isHealing: boolean;
  /** 6 hex digits, in the order drawn. */
  readonly jsNonce: string;
  /** 64 hex digits, of a healing update. */
  readonly jsPublicKey: string | undefined;
  readonly status: UpdateStatus;
  /** Of a failed update. */
  readonly reason: UpdateFailure | undefined;
  readonly wrongMics: number;
  /** What has come of a healing NewKeyReadyReq in fragments; in *confirmed* all of it, however it came. */
  readonly fragments: FragmentCollection | undefined;
}

/** Whether the device has not proven new keys yet. */
export function isWaitingForDevice({ status }: UpdateRecord): boolean {
  return status === "prepared" || status === "accepted";
}

/** Whether an attempt is neither committed nor failed. */
export function isUnderWay(update: UpdateRecord): boolean {
  return isWaitingForDevice(update) || update.status === "confirmed";
}

/** All that the Join Server keeps of the root keys of one device; immutable, plain but for the keys. */
export interface ServerUpdateState {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly currentKeys: RootKeys;
  /** How many updates have been committed. */
  readonly generation: number;
  /** Present in *confirmed* alone. */
  readonly candidateKeys: RootKeys | undefined;
  /** That of `update.jsPublicKey`; present in *prepared* and *accepted* of a healing update alone. */
  readonly x25519PrivateKey: X25519PrivateKey | undefined;
  /** UpdateID of the last attempt, 0 before the first; never lowered. */
  readonly lastUpdateId: number;
  /** The last attempt. */
  readonly update: UpdateRecord | undefined;
}

/** The state of a device that has never been updated. */
export function initialServerState(
  identity: { readonly devEui: Eui64; readonly joinEui: Eui64 },
  currentKeys: RootKeys,
): ServerUpdateState {
  return {
    devEui: identity.devEui,
    joinEui: identity.joinEui,
    currentKeys,
    generation: 0,
    candidateKeys: undefined,
    x25519PrivateKey: undefined,
    lastUpdateId: 0,
    update: undefined,
  };
}
