import { WarrenError } from "../errors.ts";

/** Each byte as two digits: for identifiers, whose few bytes a `Buffer` takes longer for; never for keys. */
export const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

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
  return new Uint8Array(Buffer.from(text, "hex"));
}
