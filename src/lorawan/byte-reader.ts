import { WarrenError } from "../errors.ts";
import { formatHex } from "./hex.ts";
import type { DevAddr, Eui64, NetId } from "./identifiers.ts";

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
    if (lengthBytes > this.remaining) {
      throw new WarrenError(
        "frame-too-short",
        `${field} needs ${lengthBytes} bytes, ${this.remaining} are left`,
      );
    }
    // Not slice(): that of a Buffer is a view, and what is read gets reversed in place.
    const value = new Uint8Array(this.#bytes.subarray(this.#offset, this.#offset + lengthBytes));
    this.#offset += lengthBytes;
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
    return formatHex(this.bytes(8, field).reverse()) as Eui64;
  }

  netId(field: string): NetId {
    return formatHex(this.bytes(3, field).reverse()) as NetId;
  }

  devAddr(field: string): DevAddr {
    return formatHex(this.bytes(4, field).reverse()) as DevAddr;
  }

  /** @throws WarrenError `frame-too-long` when bytes are left */
  end(): void {
    if (this.remaining > 0) {
      throw new WarrenError("frame-too-long", `${this.remaining} bytes after the end of the frame`);
    }
  }

  #uint(lengthBytes: number, field: string): number {
    let value = 0;
    const bytes = this.bytes(lengthBytes, field);
    for (let index = lengthBytes - 1; index >= 0; index--) {
      value = value * 256 + (bytes[index] as number);
    }
    return value;
  }
}
