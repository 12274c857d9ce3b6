import type { DevAddr, Eui64, NetId } from "../../../lorawan/identifiers.ts";
import { JoinReqType } from "../../../lorawan/join/join-accept-mic.ts";
import { buildJoinAccept } from "../../../lorawan/join/secure-join-accept.ts";
import { deriveJsIntKey } from "../../../lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../../lorawan/keys/session-keys.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";

const NET_ID = "000013" as NetId;

/** What goes into the session keys of a join. */
export interface JoinFacts {
  readonly joinEui: Eui64;
  /** LoRaWAN 1.1 with four keys; otherwise 1.0.x. */
  readonly optNeg: boolean;
  readonly joinNonce: number;
  readonly devNonce: number;
}

/** The keys of the session that a join makes. */
export function sessionKeysOf(rootKeys: RootKeys, { optNeg, ...facts }: JoinFacts): SessionKeys {
  return optNeg
    ? deriveSessionKeys11({ ...rootKeys, ...facts })
    : deriveSessionKeys10({ key: rootKeys.nwkKey, netId: NET_ID, ...facts });
}

/** A Join-accept as whoever has the root keys makes it. */
export function acceptOf(
  { nwkKey }: RootKeys,
  facts: JoinFacts & { readonly devEui: Eui64; readonly devAddr: DevAddr },
): Uint8Array {
  const { optNeg, devEui, joinEui, devNonce, joinNonce, devAddr } = facts;
  return buildJoinAccept({
    joinAccept: {
      joinNonce,
      netId: NET_ID,
      devAddr,
      dlSettings: { optNeg, rx1DrOffset: 0, rx2DataRate: 0 },
      rxDelay: 1,
    },
    mic: optNeg
      ? {
          scheme: "1.1",
          jsIntKey: deriveJsIntKey(nwkKey, devEui),
          joinReqType: JoinReqType.JoinRequest,
          joinEui,
          devNonce,
        }
      : { scheme: "1.0", key: nwkKey },
    encryptionKey: nwkKey,
  });
}
