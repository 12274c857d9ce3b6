import { WarrenError } from "../errors.ts";
import { HEX_OF_BYTE } from "./hex.ts";
import type { DevAddr, Eui64, NetId } from "./identifiers.ts";

/** A loop copies so few bytes faster than `set`. */
const LOOP_MAX_BYTES = 64;

/**
 * A cursor over the bytes of one frame, read in wire order. Every read names its field, so that an
 * error says what was missing. Multi-byte integers are little-endian (LoRaWAN 1.1 §1.2); EUIs, NetIDs
 * and DevAddrs turn into text with the most significant byte first here and nowhere else.
 *
 * @throws WarrenError `frame-too-short` from every read beyond the end
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Copies the next `lengthBytes` bytes. */
  bytes(lengthBytes: number, field: string): Uint8Array {
    const start = this.#take(lengthBytes, field);
    // Not slice(): that of a Buffer is a view.
    const value = new Uint8Array(lengthBytes);
    if (lengthBytes > LOOP_MAX_BYTES) {
      value.set(this.#bytes.subarray(start, start + lengthBytes));
      return value;
    }
    for (let index = 0; index < lengthBytes; index++) {
      value[index] = this.#bytes[start + index] as number;
    }
    return value;
  }

  /** All bytes not read yet, perhaps none. */
  rest(): Uint8Array {
    return this.bytes(this.remaining, "rest");
  }

  uint8(field: string): number {
    return this.#uint(1, field);
  }

  uint16(field: string): number {
    return this.#uint(2, field);
  }

  uint24(field: string): number {
    return this.#uint(3, field);
  }

  uint32(field: string): number {
    return this.#uint(4, field);
  }

  eui64(field: string): Eui64 {
    return this.#reversedHex(8, field) as Eui64;
  }

  netId(field: string): NetId {
    return this.#reversedHex(3, field) as NetId;
  }

  devAddr(field: string): DevAddr {
    return this.#reversedHex(4, field) as DevAddr;
  }

  /** @throws WarrenError `frame-too-long` when bytes are left */
  end(): void {
    if (this.remaining > 0) {
      throw new WarrenError("frame-too-long", `${this.remaining} bytes after the end of the frame`);
    }
  }

  #uint(lengthBytes: number, field: string): number {
    const start = this.#take(lengthBytes, field);
    let value = 0;
    for (let index = lengthBytes - 1; index >= 0; index--) {
      value = value * 256 + (this.#bytes[start + index] as number);
    }
    return value;
  }

  #reversedHex(lengthBytes: number, field: string): string {
    const start = this.#take(lengthBytes, field);
    let text = "";
    for (let index = lengthBytes - 1; index >= 0; index--) {
      text += HEX_OF_BYTE[this.#bytes[start + index] as number] as string;
    }
    return text;
  }

  /** Passes over a field; where it starts. */
  #take(lengthBytes: number, field: string): number {
    const start = this.#offset;
    if (lengthBytes > this.#bytes.length - start) {
      throw new WarrenError(
        "frame-too-short",
        `${field} needs ${lengthBytes} bytes, ${this.#bytes.length - start} are left`,
      );
    }
    this.#offset = start + lengthBytes;
    return start;
  }
}
