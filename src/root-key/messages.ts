import { WarrenError } from "../errors.ts";
import { ByteReader } from "../lorawan/byte-reader.ts";
import { ByteWriter } from "../lorawan/byte-writer.ts";
import { decodeFragment, type RootKeyFragment } from "./fragments.ts";
import {
  CID_HEALING_KEY,
  CID_NEW_KEY_READY,
  CID_ROOT_KEY_FRAGMENT,
  CID_ROOT_KEY_UPDATE,
} from "./mac-commands.ts";
import { HEALING_FLAG } from "./suite.ts";

/** How the end-device takes a request; anything but `Accepted` ends the update. */
export const UpdateAnswerStatus = { Accepted: 0, SuiteNotSupported: 1, Busy: 2 } as const;
export type UpdateAnswerStatus = (typeof UpdateAnswerStatus)[keyof typeof UpdateAnswerStatus];

/**
 * Join Server to end-device: change your root keys.
 *
 * | 0x80 | UpdateID | suite | JSNonce | MIC |
 * |  1   |    2     |   1   |    3    |  4  |  octets, UpdateID little-endian
 */
export interface RootKeyUpdateReq {
  readonly updateId: number;
  /** As received: perhaps a suite this code does not know. */
  readonly suite: number;
  /** 3 octets, as drawn. */
  readonly jsNonce: Uint8Array;
  /** 4 octets, under RKUIntKey. */
  readonly mic: Uint8Array;
}

/**
 * The same in a healing update.
 *
 * | 0x83 | UpdateID | suite | 0x80 | JSNonce | JSPublicKey | MIC |
 * |  1   |    2     |      1       |    3    |     32      |  4  |  octets, UpdateID little-endian
 */
export interface HealingUpdateReq extends RootKeyUpdateReq {
  /** 32 octets of X25519. */
  readonly jsPublicKey: Uint8Array;
}

/**
 * End-device to Join Server: a refusal, or an early acceptance when there is room. Not authenticated
 * by itself: a carrier that forges a refusal could as well have dropped the request.
 *
 * | 0x80 | UpdateID | status |
 * |  1   |    2     |   1    |  octets, UpdateID little-endian
 */
export interface RootKeyUpdateAns {
  readonly updateId: number;
  readonly status: UpdateAnswerStatus;
}

/**
 * End-device to Join Server: I have the new keys, here is my nonce and the proof.
 *
 * | 0x81 | UpdateID | EDNonce | MIC |
 * |  1   |    2     |    4    |  4  |  octets, UpdateID little-endian
 */
export interface NewKeyReadyReq {
  readonly updateId: number;
  /** 4 octets, as drawn. */
  readonly edNonce: Uint8Array;
  /** 4 octets, under both new keys. */
  readonly mic: Uint8Array;
}

/**
 * The same in a healing update.
 *
 * | 0x83 | UpdateID | EDNonce | EDPublicKey | MIC |
 * |  1   |    2     |    4    |     32      |  4  |  octets, UpdateID little-endian
 */
export interface HealingKeyReadyReq extends NewKeyReadyReq {
  /** 32 octets of X25519. */
  readonly edPublicKey: Uint8Array;
}

/**
 * Join Server to end-device: I have them too; join with them.
 *
 * | 0x81 | UpdateID | MIC |
 * |  1   |    2     |  4  |  octets, UpdateID little-endian
 */
export interface NewKeyReadyAns {
  readonly updateId: number;
  /** 4 octets, under both new keys. */
  readonly mic: Uint8Array;
}

export function encodeRootKeyUpdateReq(message: RootKeyUpdateReq): Uint8Array {
  return start(CID_ROOT_KEY_UPDATE, message.updateId)
    .uint8(message.suite, "suite")
    .bytes(exactly(message.jsNonce, 3, "JSNonce"))
    .bytes(exactly(message.mic, 4, "MIC"))
    .toBytes();
}

/** Checks the shape alone: the MIC is not verified here. @throws WarrenError `frame-…` */
export function decodeRootKeyUpdateReq(octets: Uint8Array): RootKeyUpdateReq {
  const reader = open(octets, CID_ROOT_KEY_UPDATE);
  const message = {
    updateId: reader.uint16("UpdateID"),
    suite: reader.uint8("suite"),
    jsNonce: reader.bytes(3, "JSNonce"),
    mic: reader.bytes(4, "MIC"),
  };
  reader.end();
  return message;
}

export function encodeHealingUpdateReq(message: HealingUpdateReq): Uint8Array {
  return start(CID_HEALING_KEY, message.updateId)
    .uint8(message.suite, "suite")
    .bytes(exactly(message.jsNonce, 3, "JSNonce"))
    .bytes(exactly(message.jsPublicKey, 32, "JSPublicKey"))
    .bytes(exactly(message.mic, 4, "MIC"))
    .toBytes();
}

/**
 * Checks the shape alone: the MIC is not verified here.
 *
 * @throws WarrenError `frame-…`; `frame-malformed` for a suite octet without the healing flag
 */
export function decodeHealingUpdateReq(octets: Uint8Array): HealingUpdateReq {
  const reader = open(octets, CID_HEALING_KEY);
  const message = {
    updateId: reader.uint16("UpdateID"),
    suite: reader.uint8("suite"),
    jsNonce: reader.bytes(3, "JSNonce"),
    jsPublicKey: reader.bytes(32, "JSPublicKey"),
    mic: reader.bytes(4, "MIC"),
  };
  reader.end();
  if ((message.suite & HEALING_FLAG) === 0) {
    throw new WarrenError("frame-malformed", "a healing update without the healing flag");
  }
  return message;
}

export function encodeRootKeyUpdateAns(message: RootKeyUpdateAns): Uint8Array {
  return start(CID_ROOT_KEY_UPDATE, message.updateId).uint8(message.status, "status").toBytes();
}

/** @throws WarrenError `frame-…`; `frame-malformed` for a status that is not one of the three */
export function decodeRootKeyUpdateAns(octets: Uint8Array): RootKeyUpdateAns {
  const reader = open(octets, CID_ROOT_KEY_UPDATE);
  const updateId = reader.uint16("UpdateID");
  const status = Object.values(UpdateAnswerStatus)[reader.uint8("status")];
  reader.end();
  if (status === undefined) {
    throw new WarrenError("frame-malformed", "unknown status in RootKeyUpdateAns");
  }
  return { updateId, status };
}

export function encodeNewKeyReadyReq(message: NewKeyReadyReq): Uint8Array {
  return start(CID_NEW_KEY_READY, message.updateId)
    .bytes(exactly(message.edNonce, 4, "EDNonce"))
    .bytes(exactly(message.mic, 4, "MIC"))
    .toBytes();
}

/** Checks the shape alone: the MIC is not verified here. @throws WarrenError `frame-…` */
export function decodeNewKeyReadyReq(octets: Uint8Array): NewKeyReadyReq {
  const reader = open(octets, CID_NEW_KEY_READY);
  const message = {
    updateId: reader.uint16("UpdateID"),
    edNonce: reader.bytes(4, "EDNonce"),
    mic: reader.bytes(4, "MIC"),
  };
  reader.end();
  return message;
}

export function encodeHealingKeyReadyReq(message: HealingKeyReadyReq): Uint8Array {
  return start(CID_HEALING_KEY, message.updateId)
    .bytes(exactly(message.edNonce, 4, "EDNonce"))
    .bytes(exactly(message.edPublicKey, 32, "EDPublicKey"))
    .bytes(exactly(message.mic, 4, "MIC"))
    .toBytes();
}

/** Checks the shape alone: the MIC is not verified here. @throws WarrenError `frame-…` */
export function decodeHealingKeyReadyReq(octets: Uint8Array): HealingKeyReadyReq {
  const reader = open(octets, CID_HEALING_KEY);
  const message = {
    updateId: reader.uint16("UpdateID"),
    edNonce: reader.bytes(4, "EDNonce"),
    edPublicKey: reader.bytes(32, "EDPublicKey"),
    mic: reader.bytes(4, "MIC"),
  };
  reader.end();
  return message;
}

export function encodeNewKeyReadyAns(message: NewKeyReadyAns): Uint8Array {
  return start(CID_NEW_KEY_READY, message.updateId)
    .bytes(exactly(message.mic, 4, "MIC"))
    .toBytes();
}

/** Checks the shape alone: the MIC is not verified here. @throws WarrenError `frame-…` */
export function decodeNewKeyReadyAns(octets: Uint8Array): NewKeyReadyAns {
  const reader = open(octets, CID_NEW_KEY_READY);
  const message = { updateId: reader.uint16("UpdateID"), mic: reader.bytes(4, "MIC") };
  reader.end();
  return message;
}

/** A message of the end-device, told apart by its command identifier. */
export type RootKeyUplink =
  | ({ readonly command: "RootKeyUpdateAns" } & RootKeyUpdateAns)
  | ({ readonly command: "NewKeyReadyReq" } & (NewKeyReadyReq | HealingKeyReadyReq))
  | ({ readonly command: "RootKeyFragment" } & RootKeyFragment);

/** A message of the Join Server, told apart by its command identifier. */
export type RootKeyDownlink =
  | ({ readonly command: "RootKeyUpdateReq" } & (RootKeyUpdateReq | HealingUpdateReq))
  | ({ readonly command: "NewKeyReadyAns" } & NewKeyReadyAns)
  | ({ readonly command: "RootKeyFragment" } & RootKeyFragment);

/** @throws WarrenError `frame-…`; `frame-malformed` for an unknown command identifier */
export function decodeRootKeyUplink(octets: Uint8Array): RootKeyUplink {
  switch (octets[0]) {
    case CID_ROOT_KEY_FRAGMENT:
      return { command: "RootKeyFragment", ...decodeFragment(octets) };
    case CID_NEW_KEY_READY:
    case CID_HEALING_KEY:
      return { command: "NewKeyReadyReq", ...decodeEitherKeyReadyReq(octets) };
    default:
      return { command: "RootKeyUpdateAns", ...decodeRootKeyUpdateAns(octets) };
  }
}

/** @throws WarrenError `frame-…`; `frame-malformed` for an unknown command identifier */
export function decodeRootKeyDownlink(octets: Uint8Array): RootKeyDownlink {
  switch (octets[0]) {
    case CID_ROOT_KEY_FRAGMENT:
      return { command: "RootKeyFragment", ...decodeFragment(octets) };
    case CID_NEW_KEY_READY:
      return { command: "NewKeyReadyAns", ...decodeNewKeyReadyAns(octets) };
    default:
      return { command: "RootKeyUpdateReq", ...decodeEitherUpdateReq(octets) };
  }
}

/** RootKeyUpdateReq in whichever form it has. @throws WarrenError `frame-…` */
export function decodeEitherUpdateReq(octets: Uint8Array): RootKeyUpdateReq | HealingUpdateReq {
  return octets[0] === CID_HEALING_KEY
    ? decodeHealingUpdateReq(octets)
    : decodeRootKeyUpdateReq(octets);
}

/** NewKeyReadyReq in whichever form it has. @throws WarrenError `frame-…` */
export function decodeEitherKeyReadyReq(octets: Uint8Array): NewKeyReadyReq | HealingKeyReadyReq {
  return octets[0] === CID_HEALING_KEY
    ? decodeHealingKeyReadyReq(octets)
    : decodeNewKeyReadyReq(octets);
}

function start(cid: number, updateId: number): ByteWriter {
  return new ByteWriter().uint8(cid, "CID").uint16(updateId, "UpdateID");
}

function open(octets: Uint8Array, cid: number): ByteReader {
  const reader = new ByteReader(octets);
  const found = reader.uint8("CID");
  if (found !== cid) {
    throw new WarrenError("frame-malformed", `unexpected command identifier ${found}`);
  }
  return reader;
}

function exactly(bytes: Uint8Array, lengthBytes: number, field: string): Uint8Array {
  if (bytes.length !== lengthBytes) {
    throw new WarrenError("value-out-of-range", `${field} has ${lengthBytes} octets`);
  }
  return bytes;
}
