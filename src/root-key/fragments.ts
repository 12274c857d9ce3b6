import { WarrenError } from "../errors.ts";
import { ByteReader } from "../lorawan/byte-reader.ts";
import { ByteWriter } from "../lorawan/byte-writer.ts";
import { formatHex, parseHex } from "../lorawan/hex.ts";
import { CID_HEALING_KEY, CID_ROOT_KEY_FRAGMENT } from "./mac-commands.ts";

/** The longest message that every LoRaWAN data rate carries, and the length of every fragment. */
export const FRAGMENT_BYTES = 11;
/** The only messages that need fragments: the healing forms of RootKeyUpdateReq and NewKeyReadyReq. */
export const HEALING_MESSAGE_BYTES = 43;
export const FRAGMENT_COUNT = 5;

const DATA_BYTES = 9;
/** Bits 7..5 of the header. */
const UPDATE_ID_SHIFT = 5;
const RESERVED_BIT = 0x10;
const INDEX_MASK = 0x0f;

/**
 * A part of a message of a healing update, in either direction.
 *
 * | 0x82 | header | data |
 * |  1   |   1    |  9   |  octets; header: UpdateID mod 8 (3 bits), 0 (1 bit), index (4 bits)
 */
export interface RootKeyFragment {
  /** UpdateID mod 8: keeps the fragments of two attempts apart. */
  readonly updateIdBits: number;
  /** 0..4 */
  readonly index: number;
  /** 9 octets; of the last fragment the last two are zero and no part of the message. */
  readonly data: Uint8Array;
}

/** Fragments of one message so far: plain JSON, so that it can be stored. */
export interface FragmentCollection {
  readonly updateIdBits: number;
  /** 18 hex digits by index, null where the fragment has not come yet. */
  readonly parts: readonly (string | null)[];
}

/**
 * A root key message as a carrier with little room sends it: the message itself when it is at most a
 * fragment long, otherwise its five fragments.
 *
 * @throws WarrenError `frame-malformed` for a longer message that is not the healing form of one
 */
export function splitIntoFragments(message: Uint8Array): Uint8Array[] {
  if (message.length <= FRAGMENT_BYTES) return [message];
  if (message.length !== HEALING_MESSAGE_BYTES || message[0] !== CID_HEALING_KEY) {
    throw new WarrenError("frame-malformed", "only the healing forms come in fragments");
  }
  const padded = new Uint8Array(FRAGMENT_COUNT * DATA_BYTES);
  padded.set(message);
  // The low octet of UpdateID.
  const updateIdBits = updateIdBitsOf(message[1] as number);
  return Array.from({ length: FRAGMENT_COUNT }, (_, index) =>
    new ByteWriter()
      .uint8(CID_ROOT_KEY_FRAGMENT, "CID")
      .uint8((updateIdBits << UPDATE_ID_SHIFT) | index, "header")
      .bytes(padded.subarray(index * DATA_BYTES, (index + 1) * DATA_BYTES))
      .toBytes(),
  );
}

/** UpdateID as the header of a fragment has it. */
export function updateIdBitsOf(updateId: number): number {
  return updateId % 8;
}

/** @throws WarrenError `frame-…`; `frame-malformed` for a header or padding that nobody makes */
export function decodeFragment(octets: Uint8Array): RootKeyFragment {
  const reader = new ByteReader(octets);
  const cid = reader.uint8("CID");
  const header = reader.uint8("header");
  const data = reader.bytes(DATA_BYTES, "data");
  reader.end();
  const index = header & INDEX_MASK;
  if (cid !== CID_ROOT_KEY_FRAGMENT || (header & RESERVED_BIT) !== 0 || index >= FRAGMENT_COUNT) {
    throw new WarrenError("frame-malformed", "not a fragment of a root key message");
  }
  const isLast = index === FRAGMENT_COUNT - 1;
  if (isLast && data.subarray(HEALING_MESSAGE_BYTES % DATA_BYTES).some((octet) => octet !== 0)) {
    throw new WarrenError("frame-malformed", "the last fragment ends in two zero octets");
  }
  return { updateIdBits: header >> UPDATE_ID_SHIFT, index, data };
}

export interface CollectedFragment {
  /** What to keep: the same object when nothing is new, nothing once the message is whole. */
  readonly collected: FragmentCollection | undefined;
  /** The message, when this fragment was the last one missing, or is one of a message that is known. */
  readonly message: Uint8Array | undefined;
}

/**
 * Puts a fragment to those before it, in any order. One of another attempt, and one that contradicts what
 * is there, starts anew with itself: an honest sender repeats the same octets, so what is there is of an
 * attempt eight or more ago, or false. A whole message is as good as one that came in one frame, no better:
 * only its MIC says whether the fragments belong together.
 *
 * @throws WarrenError `frame-…` when the octets are no fragment
 */
export function collectFragment(
  collected: FragmentCollection | undefined,
  octets: Uint8Array,
): CollectedFragment {
  const { updateIdBits, index, data } = decodeFragment(octets);
  const part = formatHex(data);
  const isSameMessage =
    collected?.updateIdBits === updateIdBits &&
    (collected.parts[index] === null || collected.parts[index] === part);
  if (isSameMessage && collected.parts[index] === part) {
    return { collected, message: wholeOf(collected.parts) };
  }
  const before = isSameMessage ? collected.parts : new Array<null>(FRAGMENT_COUNT).fill(null);
  const parts = before.map((known, at) => (at === index ? part : known));
  const message = wholeOf(parts);
  return { collected: message === undefined ? { updateIdBits, parts } : undefined, message };
}

/**
 * A message as if all its fragments had come: whoever keeps that knows its fragments again.
 *
 * @throws WarrenError `frame-malformed` as `splitIntoFragments`
 */
export function collectionOf(message: Uint8Array): FragmentCollection {
  const fragments = splitIntoFragments(message).map(decodeFragment);
  const updateIdBits = updateIdBitsOf(message[1] as number);
  return { updateIdBits, parts: fragments.map(({ data }) => formatHex(data)) };
}

function wholeOf(parts: readonly (string | null)[]): Uint8Array | undefined {
  return parts.includes(null)
    ? undefined
    : parseHex(parts.join("")).slice(0, HEALING_MESSAGE_BYTES);
}
