import type { PeerAuthentication } from "../peers.ts";

/** What the connection that a message came over shows of who is at its other end. */
export interface SenderProof {
  /** IP address of the other end, where there is one. */
  readonly address?: string | undefined;
  /** Whether it is the peer that is to authenticate itself so. */
  fulfils(authentication: PeerAuthentication): boolean;
}
