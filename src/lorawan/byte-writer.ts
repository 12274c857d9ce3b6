import { WarrenError } from "../errors.ts";
import { parseHex } from "./hex.ts";
import type { DevAddr, Eui64, NetId } from "./identifiers.ts";

/**
 * Writes the fields of one frame in wire order: integers little-endian, identifiers turned from text
 * (most significant byte first) to the order on air. The mirror of `ByteReader`.
 *
 * @throws WarrenError `value-out-of-range` when a number does not fit its field
 */
export class ByteWriter {
  readonly #chunks: Uint8Array[] = [];

  bytes(value: Uint8Array): this {
    this.#chunks.push(value);
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
    return this.bytes(parseHex(value, 8).reverse());
  }

  netId(value: NetId): this {
    return this.bytes(parseHex(value, 3).reverse());
  }

  devAddr(value: DevAddr): this {
    return this.bytes(parseHex(value, 4).reverse());
  }

  /** The bytes written so far, as one new array. */
  toBytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  #uint(value: number, lengthBytes: number, field: string): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** lengthBytes) {
      throw new WarrenError(
        "value-out-of-range",
        `${field} must be an integer of ${lengthBytes} bytes, not ${value}`,
      );
    }
    const bytes = new Uint8Array(lengthBytes);
    let rest = value;
    for (let index = 0; index < lengthBytes; index++) {
      bytes[index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return this.bytes(bytes);
  }
}
