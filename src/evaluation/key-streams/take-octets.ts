import { KEY_BYTES, type KeyStream } from "./key-stream.ts";

/** The next keys of a stream, one behind the other, `lengthBytes` of them; the rest of the last key is left out. */
export function takeOctets(stream: KeyStream, lengthBytes: number): Uint8Array {
  const octets = new Uint8Array(Math.ceil(lengthBytes / KEY_BYTES) * KEY_BYTES);
  for (let offset = 0; offset < lengthBytes; offset += KEY_BYTES) {
    octets.set(stream.next(), offset);
  }
  return octets.subarray(0, lengthBytes);
}
