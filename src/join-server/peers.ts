import type { LabelledKek } from "../backend/key-envelope.ts";
import type { NetId } from "../lorawan/identifiers.ts";

/** A Network Server that may ask for its devices. */
export interface NetworkServerPeer {
  readonly netId: NetId;
  /** Where it takes our RootKeyUpdateReq; without it an update only starts when it asks. */
  readonly url: string | undefined;
  /** Network session keys leave wrapped under this, never in the clear. */
  readonly kek: LabelledKek;
}

/** How an Application Server gets the AppSKey: in the JoinAns, by AppSKeyReq, or as it likes. */
export const APP_S_KEY_DELIVERIES = ["envelope", "session-key-id", "both"] as const;
export type AppSKeyDelivery = (typeof APP_S_KEY_DELIVERIES)[number];

/** An Application Server that may ask for the AppSKeys of its devices. */
export interface ApplicationServerPeer {
  readonly asId: string;
  /** AppSKeys leave wrapped under this and under nothing that the Network Server has. */
  readonly kek: LabelledKek;
  readonly appSKeyDelivery: AppSKeyDelivery;
}

/**
 * Whether an AppSKey wrapped for the Application Server is safe from the Network Server, which relays it
 * and could also ask in its name: not when an operator has given both the same KEK.
 */
export function hasKekOfItsOwn(
  applicationServer: ApplicationServerPeer,
  networkServer: NetworkServerPeer,
): boolean {
  return !applicationServer.kek.kek.equals(networkServer.kek.kek);
}
