import { type Aes128Key, aes128Encrypt } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { ByteWriter } from "../byte-writer.ts";
import { type Direction, encodeDirection } from "../direction.ts";
import type { DevAddr } from "../identifiers.ts";
import { F_OPTS_MAX_LENGTH_BYTES } from "./f-ctrl.ts";

const BLOCK_LENGTH_BYTES = 16;
const BLOCK_COUNT_MAX = 255;

export interface FrmPayloadCipherInput {
  /** FPort 0: NwkSEncKey (1.1) or NwkSKey (1.0.x); FPort above 0: AppSKey. */
  readonly key: Aes128Key;
  readonly direction: Direction;
  readonly devAddr: DevAddr;
  /** The full 32-bit counter of this frame. */
  readonly fCnt32: number;
  readonly payload: Uint8Array;
}

export interface FOptsCipherInput {
  readonly nwkSEncKey: Aes128Key;
  readonly direction: Direction;
  readonly devAddr: DevAddr;
  readonly fCnt32: number;
  /** Whether `fCnt32` is AFCntDown: a downlink with FPort above 0. */
  readonly aFCnt: boolean;
  readonly fOpts: Uint8Array;
}

/**
 * Encrypts or decrypts FRMPayload: the same operation, an XOR with AES in counter mode.
 *
 * | 0x01 | 0x00 (four times) | Dir | DevAddr | FCnt32 | 0x00 | i |
 * |  1   |         4         |  1  |    4    |   4    |  1   | 1 |  bytes of block Ai, i from 1
 *
 * @throws WarrenError `frame-too-long` above 255 blocks, the reach of i; `value-out-of-range`
 * @see LoRaWAN 1.1 §4.3.3
 */
export function cipherFrmPayload(input: FrmPayloadCipherInput): Uint8Array {
  const blockCount = Math.ceil(input.payload.length / BLOCK_LENGTH_BYTES);
  if (blockCount > BLOCK_COUNT_MAX) {
    throw new WarrenError("frame-too-long", `FRMPayload of ${input.payload.length} bytes`);
  }
  const writer = new ByteWriter();
  for (let index = 1; index <= blockCount; index++) {
    writeBlock(writer, input, { frameType: 0, index });
  }
  return xor(input.payload, aes128Encrypt(input.key, writer.toBytes()));
}

/**
 * Encrypts or decrypts the FOpts of LoRaWAN 1.1; in 1.0.x FOpts stays in clear.
 *
 * | 0x01 | 0x00 (three times) | Type | Dir | DevAddr | FCnt32 | 0x00 | 0x01 |
 * |  1   |         3          |  1   |  1  |    4    |   4    |  1   |  1   |  bytes of block A
 *
 * Type is 1 with FCntUp and NFCntDown, 2 with AFCntDown. The printed LoRaWAN 1.1 §4.3.1.6 (figure 15) has
 * zeros in Type and in the last byte; its erratum, which devices follow, gives the block above: otherwise
 * NFCntDown and AFCntDown of the same value would repeat a keystream.
 *
 * @throws WarrenError `frame-too-long` above 15 bytes, `value-out-of-range`
 */
export function cipherFOpts(input: FOptsCipherInput): Uint8Array {
  if (input.fOpts.length > F_OPTS_MAX_LENGTH_BYTES) {
    throw new WarrenError("frame-too-long", `FOpts of ${input.fOpts.length} bytes`);
  }
  const writer = new ByteWriter();
  writeBlock(writer, input, { frameType: input.aFCnt ? 2 : 1, index: 1 });
  return xor(input.fOpts, aes128Encrypt(input.nwkSEncKey, writer.toBytes()));
}

interface FrameCounter {
  readonly direction: Direction;
  readonly devAddr: DevAddr;
  readonly fCnt32: number;
}

function writeBlock(
  writer: ByteWriter,
  frame: FrameCounter,
  block: { readonly frameType: number; readonly index: number },
): void {
  writer
    .uint8(0x01, "tag")
    .uint24(0, "zero")
    .uint8(block.frameType, "Type")
    .uint8(encodeDirection(frame.direction), "Dir")
    .devAddr(frame.devAddr)
    .uint32(frame.fCnt32, "FCnt")
    .uint8(0, "zero")
    .uint8(block.index, "i");
}

function xor(bytes: Uint8Array, keystream: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => byte ^ (keystream[index] as number));
}
