import { type Aes128Key, equalKeys } from "../crypto/aes128.ts";
import { keyFingerprint } from "../crypto/key-fingerprint.ts";
import { WarrenError } from "../errors.ts";
import type { DevAddr, Eui64 } from "../lorawan/identifiers.ts";
import { isLorawan11, type MacVersion } from "../lorawan/mac-version.ts";

/** Where the AppSKey of a session came from. */
export type AppSKeySource = "envelope" | "app-s-key-req" | "operator";

/** What the Application Server keeps of a session of one device: the only role that holds its AppSKey. */
export interface Session {
  readonly devEui: Eui64;
  /** Opaque name from the Join Server, or `abp:<DevAddr>`. */
  readonly sessionKeyId: string;
  readonly devAddr: DevAddr;
  /** The version both ends speak in this session, which decides who counts downlinks. */
  readonly macVersion: MacVersion;
  readonly appSKey: Aes128Key;
  readonly source: AppSKeySource;
  /**
   * The lowest counter no downlink of this session has used: the next AFCntDown in 1.1, the lowest
   * FCntDown to accept from the Network Server in 1.0.x. 2^32 when they are used up.
   */
  readonly nextFCntDown: number;
  readonly startedAtMs: number;
}

/** A session that a newer one took the place of: its key is erased. */
export interface ReplacedSession {
  readonly sessionKeyId: string;
  /** See `keyFingerprint`. */
  readonly appSKeyFingerprint: string;
  readonly nextFCntDown: number;
}

const COUNTER_LIMIT = 2 ** 32;
const ABP_PREFIX = "abp:";

/** The SessionKeyID both servers give to the only session of a device personalised by its operator. */
export function abpSessionKeyId(devAddr: DevAddr): string {
  return `${ABP_PREFIX}${devAddr}`;
}

export function isAbpSessionKeyId(sessionKeyId: string): boolean {
  return sessionKeyId.startsWith(ABP_PREFIX);
}

/**
 * Whether downlinks take AFCntDown, which the Application Server counts by itself; in 1.0.x they
 * share FCntDown with the Network Server's own frames (LoRaWAN 1.1 §4.3.1.5).
 */
export function countsAFCntDown(session: Session): boolean {
  return isLorawan11(session.macVersion);
}

/**
 * The counter for one downlink, and the session after it.
 *
 * @param reserved the FCntDown that the Network Server reserved in 1.0.x; absent in 1.1
 * @throws WarrenError `downlink-refused` when the 32-bit counter is used up; `peer-answer-malformed`
 *   for a reserved counter that may have been used before: the keystream would repeat
 */
export function takeFCntDown(
  session: Session,
  reserved?: number,
): { readonly fCntDown: number; readonly session: Session } {
  const fCntDown = reserved ?? session.nextFCntDown;
  if (fCntDown >= COUNTER_LIMIT) {
    throw new WarrenError(
      "downlink-refused",
      "the downlink counter of the session is used up; the device must join again",
    );
  }
  if (fCntDown < session.nextFCntDown) {
    throw new WarrenError(
      "peer-answer-malformed",
      `the Network Server reserved FCntDown ${fCntDown}, below ${session.nextFCntDown}, the lowest unused one`,
    );
  }
  return { fCntDown, session: { ...session, nextFCntDown: fCntDown + 1 } };
}

/**
 * Where the downlink counter of a new session starts: at 0, or, when the same AppSKey has been in use
 * before (a replayed envelope, a device personalised again with its old key), where it stood. The
 * keystream depends on key, DevAddr and counter alone, and must never repeat.
 */
export function firstFCntDown(
  appSKey: Aes128Key,
  current: Session | undefined,
  replaced: readonly ReplacedSession[],
): number {
  const fingerprint = keyFingerprint(appSKey);
  const used = replaced
    .filter((session) => session.appSKeyFingerprint === fingerprint)
    .map((session) => session.nextFCntDown);
  if (current !== undefined && equalKeys(current.appSKey, appSKey)) used.push(current.nextFCntDown);
  return Math.max(0, ...used);
}
