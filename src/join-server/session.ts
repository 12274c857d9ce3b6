import type { Eui64 } from "../lorawan/identifiers.ts";
import type { SessionKeys } from "../lorawan/keys/session-keys.ts";

/** One session of a device as the Join Server made it. */
export interface Session {
  /** 32 hex digits, random: what Application Servers ask by. */
  readonly sessionKeyId: string;
  /** JoinNonce of its Join-accept; part of the context of a root key update. */
  readonly joinNonce: number;
  /** What the device asked with. A Join-request also shows that it has left the sessions before. */
  readonly origin: "join" | "rejoin";
  /** OptNeg of its Join-accept: the keys follow LoRaWAN 1.1. */
  readonly optNeg: boolean;
  /** By name: they may be getters, which a spread leaves out. */
  readonly keys: SessionKeys;
  /** The last RJcount0 of a Rejoin-request made in this session; each Join-accept restarts it. */
  readonly rjCount0: number | undefined;
  /** A frame of the device has shown that it has these keys: the accept did arrive. */
  readonly isProvenInUse: boolean;
  /**
   * The AppEUI of its Join-request, where that is not the JoinEUI on record (`allowsForeignJoinEui`): the name by which the
   * end-device knows its Join Server.
   */
  readonly foreignJoinEui: Eui64 | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** A Join-request may be half done: the session before it may still be the one in use. */
const NEWEST_AFTER_JOIN = 2;
/**
 * A device whose Rejoin-accept is lost lives on in its session and asks again, so any session since its
 * join may be the one in use. More lost in a row than this are only survived by a proven session.
 */
const NEWEST_AFTER_REJOIN = 8;

/**
 * Adds a session made by a Join-request: the device has left the ones before. Kept are the two newest
 * (root-key-update.md §2) and the last one proven in use.
 *
 * @param sessions newest first
 */
export function addJoinedSession(sessions: readonly Session[], added: Session): Session[] {
  return keepNewest([added, ...sessions], NEWEST_AFTER_JOIN);
}

/**
 * Adds a session made by a Rejoin-request, which does not tell whether the accepts before it arrived.
 *
 * @param sessions newest first
 */
export function addRejoinedSession(sessions: readonly Session[], added: Session): Session[] {
  return keepNewest([added, ...sessions], NEWEST_AFTER_REJOIN);
}

function keepNewest(sessions: readonly Session[], count: number): Session[] {
  const lastProven = sessions.find((session) => session.isProvenInUse);
  return sessions.filter((session, index) => index < count || session === lastProven);
}

/** Marks the session that a verified frame of the device was made under. */
export function proveSession(sessions: readonly Session[], sessionKeyId: string): Session[] {
  return sessions.map((session) =>
    session.sessionKeyId === sessionKeyId ? { ...session, isProvenInUse: true } : session,
  );
}
