import type { Eui64 } from "../lorawan/identifiers.ts";
import type { FragmentCollection } from "./fragments.ts";
import type { RootKeys } from "./root-keys.ts";
import type { Suite } from "./suite.ts";

/** New root keys that a device has derived and not joined with yet. */
export interface DeviceCandidate {
  readonly keys: RootKeys;
  readonly updateId: number;
  readonly suite: Suite;
  /** 6 hex digits, in the order received. */
  readonly jsNonce: string;
  /** 8 hex digits, in the order drawn. */
  readonly edNonce: string;
  /** The two public keys of a healing update: 64 hex digits each. The device's private key is gone. */
  readonly jsPublicKey: string | undefined;
  readonly edPublicKey: string | undefined;
  /** The octets of NewKeyReadyReq as hex. */
  readonly newKeyReadyReq: string;
  /** The Join Server has proven that it has the same keys: joins may be made with them. */
  readonly isConfirmed: boolean;
  /** How often NewKeyReadyReq has been sent; all its fragments together count as once. */
  readonly timesSent: number;
  /** Index of the next fragment; above 0 while some of one sending are on the way. */
  readonly nextFragment: number;
  /** Uplinks to go before it is sent again. */
  readonly uplinksToSkip: number;
}

/** All that an end-device keeps of its root keys; immutable, plain but for the keys. */
export interface DeviceUpdateState {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly currentKeys: RootKeys;
  readonly candidate: DeviceCandidate | undefined;
  /** UpdateID of the last request accepted, 0 before the first; never lowered. */
  readonly lastUpdateId: number;
  /** Join-Requests since the candidate was confirmed, or since the last Join-Accept. */
  readonly joinAttempt: number;
  /** What has come of a request in fragments. */
  readonly fragments: FragmentCollection | undefined;
}

/** The state of a device with its factory keys. */
export function initialDeviceState(
  identity: { readonly devEui: Eui64; readonly joinEui: Eui64 },
  currentKeys: RootKeys,
): DeviceUpdateState {
  return {
    devEui: identity.devEui,
    joinEui: identity.joinEui,
    currentKeys,
    candidate: undefined,
    lastUpdateId: 0,
    joinAttempt: 0,
    fragments: undefined,
  };
}
