import { WarrenError } from "../errors.ts";

/** Each byte as two digits: for identifiers, whose few bytes a `Buffer` takes longer for; never for keys. */
export const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** A call of `Buffer.from` takes as long as so many bytes one by one. */
const FEW_BYTES = 32;
const WORK_BYTES = 64;
/** V8 keeps up to 64 bytes in its heap, and moves them out for good, which costs more than a copy, for a view on them. */
const work = Buffer.alloc(WORK_BYTES);

/** Bytes as lower-case hex text, two digits a byte, in the order given. */
export function formatHex(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > WORK_BYTES) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("hex");
  }
  work.set(bytes);
  const text = work.toString("hex", 0, length);
  work.fill(0, 0, length);
  return text;
}

/**
 * Hex text of either case as bytes, in the order written. No `0x`: the Backend Interfaces accept it
 * and strip it before (see `backend/`).
 *
 * @param lengthBytes the exact length wanted, if there is one
 * @throws WarrenError `text-malformed`; the message never repeats the text, which may be a key
 */
export function parseHex(text: string, lengthBytes?: number): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new WarrenError("text-malformed", "not hex text with two digits a byte");
  }
  if (lengthBytes !== undefined && text.length !== 2 * lengthBytes) {
    throw new WarrenError(
      "text-malformed",
      `expected ${2 * lengthBytes} hex digits, not ${text.length}`,
    );
  }
  return text.length > 2 * FEW_BYTES ? new Uint8Array(Buffer.from(text, "hex")) : fewFromHex(text);
}

/** Without a table, whose place in memory would tell of the digits of a key. */
function fewFromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] =
      (digitOf(text.charCodeAt(2 * index)) << 4) | digitOf(text.charCodeAt(2 * index + 1));
  }
  return bytes;
}

/** @param code of a hex digit: 0 to 9 are 0x30 to 0x39; a to f from 0x61 on, or from 0x41 on, nine before their values */
function digitOf(code: number): number {
  return (code & 0xf) + 9 * (code >> 6);
}
