import { type Aes128Key, aes128Encrypt } from "../../crypto/aes128.ts";
import { xorBytes } from "../../crypto/bytes/xor.ts";
import { WarrenError } from "../../errors.ts";
import { type Direction, encodeDirection } from "../direction.ts";
import { parseHex } from "../hex.ts";
import type { DevAddr } from "../identifiers.ts";
import { F_OPTS_MAX_LENGTH_BYTES } from "./f-ctrl.ts";
import { putCounter } from "./frame-counter.ts";

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
  const blocks = counterBlocks(input, { frameType: 0, count: blockCount });
  return xorBytes(input.payload, aes128Encrypt(input.key, blocks));
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
  const block = counterBlocks(input, { frameType: input.aFCnt ? 2 : 1, count: 1 });
  return xorBytes(input.fOpts, aes128Encrypt(input.nwkSEncKey, block));
}

interface FrameCounter {
  readonly direction: Direction;
  readonly devAddr: DevAddr;
  readonly fCnt32: number;
}

function counterBlocks(
  frame: FrameCounter,
  { frameType, count }: { readonly frameType: number; readonly count: number },
): Uint8Array {
  const blocks = new Uint8Array(count * BLOCK_LENGTH_BYTES);
  const devAddr = parseHex(frame.devAddr, 4);
  const direction = encodeDirection(frame.direction);
  for (let index = 0; index < count; index++) {
    const start = index * BLOCK_LENGTH_BYTES;
    blocks[start] = 0x01;
    blocks[start + 4] = frameType;
    blocks[start + 5] = direction;
    for (let at = 0; at < 4; at++) blocks[start + 6 + at] = devAddr[3 - at] as number;
    putCounter(blocks, frame.fCnt32, start);
    blocks[start + 15] = index + 1;
  }
  return blocks;
}
