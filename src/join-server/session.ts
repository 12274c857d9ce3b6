import type { SessionKeys } from "../lorawan/keys/session-keys.ts";

/** One session of a device as the Join Server made it. */
export interface Session {
  /** 32 hex digits, random: what Application Servers ask by. */
  readonly sessionKeyId: string;
  /** JoinNonce of its Join-accept; part of the context of a root key update. */
  readonly joinNonce: number;
  /** OptNeg of its Join-accept: the keys follow LoRaWAN 1.1. */
  readonly optNeg: boolean;
  readonly keys: SessionKeys;
  /** The last RJcount0 of a Rejoin-request made in this session; each Join-accept restarts it. */
  readonly rjCount0: number | undefined;
  /** A frame of the device has shown that it has these keys: the accept did arrive. */
  readonly isProvenInUse: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** How many of the newest sessions may be the one in use, since a join may be half done. */
const NEWEST_SESSIONS = 2;

/**
 * Adds a session made by a Join-request or a Rejoin-request type 1, which do not tell what session the
 * device is in. Kept besides it: the one before (root-key-update.md §2, "the two newest"), and the
 * last one proven in use, so that several lost accepts in a row do not push out the session the device
 * still lives in.
 *
 * @param sessions newest first
 */
export function addSession(sessions: readonly Session[], added: Session): Session[] {
  const all = [added, ...sessions];
  const lastProven = all.find((session) => session.isProvenInUse);
  return all.filter((session, index) => index < NEWEST_SESSIONS || session === lastProven);
}

/** Marks the session that a verified frame of the device was made under. */
export function proveSession(sessions: readonly Session[], sessionKeyId: string): Session[] {
  return sessions.map((session) =>
    session.sessionKeyId === sessionKeyId ? { ...session, isProvenInUse: true } : session,
  );
}
