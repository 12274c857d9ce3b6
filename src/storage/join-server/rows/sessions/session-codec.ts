import { copyBytes } from "../../../../crypto/bytes/copy-bytes.ts";
import { WarrenError } from "../../../../errors.ts";
import type { Session } from "../../../../join-server/session.ts";
import { parseHex } from "../../../../lorawan/hex.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import { decodeJsonSessions } from "./session-json.ts";
import { keysLengthBytes, StoredSessionKeys, writeSessionKeys } from "./stored-session-keys.ts";

const FORMAT = 0x01;
/** What JSON begins with, the format before. */
const JSON_ARRAY = 0x5b;

const SESSION_KEY_ID_BYTES = 16;
const JOIN_NONCE_BYTES = 3;
const CREATED_AT_BYTES = 6;
const RJ_COUNT_0_BYTES = 2;
const JOIN_EUI_BYTES = 8;
const HEAD_BYTES = 1 + SESSION_KEY_ID_BYTES + JOIN_NONCE_BYTES + CREATED_AT_BYTES;

const FLAGS = {
  optNeg: 1,
  isRejoin: 2,
  isProvenInUse: 4,
  hasRjCount0: 8,
  hasForeignJoinEui: 16,
} as const;

/**
 * The sessions of a device, newest first, as the one value of its row that holds them: the octet 0x01, then of each
 *
 * | flags | SessionKeyID | JoinNonce | created | RJcount0 | foreign JoinEUI | keys     |
 * |   1   |      16      |     3     |    6    |  0 or 2  |     0 or 8      | 32 or 64 |  bytes, numbers big-endian
 *
 * Flags: 1 OptNeg, 2 made by a Rejoin-request, 4 proven in use, 8 with RJcount0, 16 with a foreign JoinEUI. Created is in epoch milliseconds. The
 * keys are those of `StoredSessionKeys`.
 *
 * @throws WarrenError `text-malformed` for a SessionKeyID that is not 32 hex digits
 */
export function encodeSessions(sessions: readonly Session[]): Uint8Array {
  const lengthBytes = sessions.reduce((sum, session) => sum + lengthOf(session), 1);
  const bytes = Buffer.alloc(lengthBytes);
  bytes[0] = FORMAT;
  let offset = 1;
  for (const session of sessions) {
    bytes[offset] = flagsOf(session);
    offset += 1;
    bytes.set(parseHex(session.sessionKeyId, SESSION_KEY_ID_BYTES), offset);
    offset += SESSION_KEY_ID_BYTES;
    offset = bytes.writeUIntBE(session.joinNonce, offset, JOIN_NONCE_BYTES);
    offset = bytes.writeUIntBE(session.createdAt, offset, CREATED_AT_BYTES);
    if (session.rjCount0 !== undefined) {
      offset = bytes.writeUIntBE(session.rjCount0, offset, RJ_COUNT_0_BYTES);
    }
    if (session.foreignJoinEui !== undefined) {
      bytes.set(parseHex(session.foreignJoinEui, JOIN_EUI_BYTES), offset);
      offset += JOIN_EUI_BYTES;
    }
    writeSessionKeys(session, bytes, offset);
    offset += keysLengthBytes(session.optNeg);
  }
  return bytes;
}

/**
 * The inverse of `encodeSessions`. Reads JSON as well, which sessions were before.
 *
 * @throws WarrenError `sealed-value-damaged`
 */
export function decodeSessions(bytes: Uint8Array): Session[] {
  if (bytes[0] === JSON_ARRAY) return decodeJsonSessions(bytes);
  if (bytes[0] !== FORMAT) throw damaged();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const sessions: Session[] = [];
  let offset = 1;
  while (offset < bytes.length) {
    const { session, end } = sessionAt(buffer, offset);
    sessions.push(session);
    offset = end;
  }
  return sessions;
}

/** Epoch milliseconds of the start of the newest session of `encodeSessions`. */
export function newestSessionStart(bytes: Uint8Array): number | undefined {
  return decodeSessions(bytes)[0]?.createdAt;
}

function sessionAt(bytes: Buffer, start: number): { session: Session; end: number } {
  const flags = bytes[start] as number;
  const optNeg = (flags & FLAGS.optNeg) !== 0;
  const hasRjCount0 = (flags & FLAGS.hasRjCount0) !== 0;
  const hasForeignJoinEui = (flags & FLAGS.hasForeignJoinEui) !== 0;
  const idAt = start + 1;
  const joinNonceAt = idAt + SESSION_KEY_ID_BYTES;
  const createdAtAt = joinNonceAt + JOIN_NONCE_BYTES;
  const rjCount0At = createdAtAt + CREATED_AT_BYTES;
  const joinEuiAt = rjCount0At + (hasRjCount0 ? RJ_COUNT_0_BYTES : 0);
  const keysAt = joinEuiAt + (hasForeignJoinEui ? JOIN_EUI_BYTES : 0);
  const end = keysAt + keysLengthBytes(optNeg);
  if (end > bytes.length) throw damaged();
  const session: Session = {
    sessionKeyId: bytes.toString("hex", idAt, joinNonceAt),
    joinNonce: bytes.readUIntBE(joinNonceAt, JOIN_NONCE_BYTES),
    origin: (flags & FLAGS.isRejoin) !== 0 ? "rejoin" : "join",
    optNeg,
    keys: new StoredSessionKeys(copyBytes(bytes, keysAt, end)),
    rjCount0: hasRjCount0 ? bytes.readUIntBE(rjCount0At, RJ_COUNT_0_BYTES) : undefined,
    isProvenInUse: (flags & FLAGS.isProvenInUse) !== 0,
    foreignJoinEui: hasForeignJoinEui
      ? (bytes.toString("hex", joinEuiAt, keysAt) as Eui64)
      : undefined,
    createdAt: bytes.readUIntBE(createdAtAt, CREATED_AT_BYTES),
  };
  return { session, end };
}

function lengthOf({ optNeg, rjCount0, foreignJoinEui }: Session): number {
  const ofRjCount0 = rjCount0 === undefined ? 0 : RJ_COUNT_0_BYTES;
  const ofJoinEui = foreignJoinEui === undefined ? 0 : JOIN_EUI_BYTES;
  return HEAD_BYTES + ofRjCount0 + ofJoinEui + keysLengthBytes(optNeg);
}

function flagsOf({ optNeg, origin, isProvenInUse, rjCount0, foreignJoinEui }: Session): number {
  return (
    (optNeg ? FLAGS.optNeg : 0) |
    (origin === "rejoin" ? FLAGS.isRejoin : 0) |
    (isProvenInUse ? FLAGS.isProvenInUse : 0) |
    (rjCount0 === undefined ? 0 : FLAGS.hasRjCount0) |
    (foreignJoinEui === undefined ? 0 : FLAGS.hasForeignJoinEui)
  );
}

function damaged(): WarrenError {
  return new WarrenError("sealed-value-damaged", "stored sessions are not as they are written");
}
