import { WarrenError } from "../errors.ts";
import { parseHex } from "./hex.ts";
import type { DevAddr, Eui64, NetId } from "./identifiers.ts";

/** Longer than most frames before their payload. */
const FIRST_CAPACITY_BYTES = 48;

/**
 * Writes the fields of one frame in wire order: integers little-endian, identifiers turned from text
 * (most significant byte first) to the order on air. The mirror of `ByteReader`.
 *
 * @throws WarrenError `value-out-of-range` when a number does not fit its field
 */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY_BYTES);
  #length = 0;

  bytes(value: Uint8Array): this {
    this.#reserve(value.length);
    // A loop: fields are short, and TypedArray.prototype.set takes longer than they do.
    for (let index = 0; index < value.length; index++) {
      this.#bytes[this.#length++] = value[index] as number;
    }
    return this;
  }

  uint8(value: number, field: string): this {
    return this.#uint(value, 1, field);
  }

  uint16(value: number, field: string): this {
    return this.#uint(value, 2, field);
  }

  uint24(value: number, field: string): this {
    return this.#uint(value, 3, field);
  }

  uint32(value: number, field: string): this {
    return this.#uint(value, 4, field);
  }

  eui64(value: Eui64): this {
    return this.#reversedHex(value, 8);
  }

  netId(value: NetId): this {
    return this.#reversedHex(value, 3);
  }

  devAddr(value: DevAddr): this {
    return this.#reversedHex(value, 4);
  }

  /** The bytes written so far, as one new array. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reversedHex(text: string, lengthBytes: number): this {
    const bytes = parseHex(text, lengthBytes);
    this.#reserve(lengthBytes);
    for (let index = lengthBytes - 1; index >= 0; index--) {
      this.#bytes[this.#length++] = bytes[index] as number;
    }
    return this;
  }

  #uint(value: number, lengthBytes: number, field: string): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** lengthBytes) {
      throw new WarrenError(
        "value-out-of-range",
        `${field} must be an integer of ${lengthBytes} bytes, not ${value}`,
      );
    }
    this.#reserve(lengthBytes);
    for (let index = 0; index < lengthBytes; index++) {
      this.#bytes[this.#length++] = (value >>> (8 * index)) & 0xff;
    }
    return this;
  }

  #reserve(lengthBytes: number): void {
    const needed = this.#length + lengthBytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
