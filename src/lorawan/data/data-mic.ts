import { aesCmacEach } from "../../crypto/aes-cmac.ts";
import type { Aes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { type Direction, encodeDirection } from "../direction.ts";
import { computeMic, equalMics, splitMic } from "../frame-mic.ts";
import { decodeMhdr, MType } from "../mhdr.ts";
import { hasAck } from "./f-ctrl.ts";
import { putCounter } from "./frame-counter.ts";

const MIC_BLOCK_TAG = 0x49;
const HALF_MIC_LENGTH_BYTES = 2;
/** MHDR, DevAddr, FCtrl and FCnt, which every data message has. */
const HEADER_LENGTH_BYTES = 8;
const DEV_ADDR_AT = 1;
const F_CTRL_AT = 5;

/** A message before its MIC, under the one integrity key of LoRaWAN 1.0.x. */
export interface DataMic10Input {
  /** MHDR to FRMPayload, at most 255 bytes. */
  readonly phyPayloadWithoutMic: Uint8Array;
  readonly direction: Direction;
  /** The full 32-bit counter, of which the frame has the lower half. */
  readonly fCnt32: number;
  readonly nwkSKey: Aes128Key;
}

/** A message before its MIC, from a 1.1 end-device to a 1.1 network. */
export interface UplinkMic11Input {
  readonly phyPayloadWithoutMic: Uint8Array;
  /** 32 bits. */
  readonly fCntUp: number;
  /** Counter of the confirmed downlink that this uplink acknowledges, of either kind. */
  readonly confFCnt: number;
  /** Index of the data rate of this transmission, 0..255. */
  readonly txDr: number;
  /** The end-device's own index of the channel of this transmission, 0..255. */
  readonly txCh: number;
  readonly fNwkSIntKey: Aes128Key;
  readonly sNwkSIntKey: Aes128Key;
}

/** A message before its MIC, from a 1.1 network to a 1.1 end-device. */
export interface DownlinkMic11Input {
  readonly phyPayloadWithoutMic: Uint8Array;
  /** NFCntDown or AFCntDown by FPort, 32 bits. */
  readonly fCntDown: number;
  /** Counter of the confirmed uplink that this downlink acknowledges. */
  readonly confFCnt: number;
  readonly sNwkSIntKey: Aes128Key;
}

/** The input of a `compute` function, but with the MIC still on the frame. */
type OnFrame<Input, Derived extends PropertyKey = never> = Omit<
  Input,
  "phyPayloadWithoutMic" | Derived
> & { readonly phyPayload: Uint8Array };

/**
 * The MIC of LoRaWAN 1.0.x, cmac(NwkSKey, B0 | msg)[0..3], also that of a 1.1 device in a 1.0 network.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `value-out-of-range`
 * @see LoRaWAN 1.0.2 §4.4
 */
export function computeDataMic10(input: DataMic10Input): Uint8Array {
  const message = input.phyPayloadWithoutMic;
  const b0 = micBlock(message, { direction: input.direction, fCnt32: input.fCnt32 });
  return computeMic(input.nwkSKey, b0, message);
}

/**
 * The uplink MIC of LoRaWAN 1.1: cmacS[0..1] | cmacF[0..1]. A network that serves a roaming device without
 * its SNwkSIntKey can check the second half, which knows nothing of B1's own fields.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `value-out-of-range`
 * @see LoRaWAN 1.1 §4.4.2
 */
export function computeUplinkMic11(input: UplinkMic11Input): Uint8Array {
  const message = input.phyPayloadWithoutMic;
  const counter = { direction: "up" as const, fCnt32: input.fCntUp };
  const b0 = micBlock(message, counter);
  const b1 = micBlock(message, {
    ...counter,
    confFCnt: input.confFCnt,
    txDr: input.txDr,
    txCh: input.txCh,
  });
  const [cmacS, cmacF] = aesCmacEach([
    { key: input.sNwkSIntKey, parts: [b1, message] },
    { key: input.fNwkSIntKey, parts: [b0, message] },
  ]) as [Uint8Array, Uint8Array];
  const mic = new Uint8Array(2 * HALF_MIC_LENGTH_BYTES);
  for (let index = 0; index < HALF_MIC_LENGTH_BYTES; index++) {
    mic[index] = cmacS[index] as number;
    mic[HALF_MIC_LENGTH_BYTES + index] = cmacF[index] as number;
  }
  return mic;
}

/**
 * The downlink MIC of LoRaWAN 1.1: cmac(SNwkSIntKey, B0 | msg)[0..3].
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `value-out-of-range`
 * @see LoRaWAN 1.1 §4.4.1
 */
export function computeDownlinkMic11(input: DownlinkMic11Input): Uint8Array {
  const message = input.phyPayloadWithoutMic;
  const b0 = micBlock(message, {
    direction: "down",
    fCnt32: input.fCntDown,
    confFCnt: input.confFCnt,
  });
  return computeMic(input.sNwkSIntKey, b0, message);
}

/** Constant-time check; the direction comes from the MHDR. @throws WarrenError as the computation */
export function verifyDataMic10(input: OnFrame<DataMic10Input, "direction">): boolean {
  const { message, mic } = splitMic(input.phyPayload);
  const direction = directionOf(message);
  return equalMics(mic, computeDataMic10({ ...input, phyPayloadWithoutMic: message, direction }));
}

/** Constant-time check of both halves. @throws WarrenError as the computation */
export function verifyUplinkMic11(input: OnFrame<UplinkMic11Input>): boolean {
  const { message, mic } = splitMic(input.phyPayload);
  return equalMics(mic, computeUplinkMic11({ ...input, phyPayloadWithoutMic: message }));
}

/** Constant-time check. @throws WarrenError as the computation */
export function verifyDownlinkMic11(input: OnFrame<DownlinkMic11Input>): boolean {
  const { message, mic } = splitMic(input.phyPayload);
  return equalMics(mic, computeDownlinkMic11({ ...input, phyPayloadWithoutMic: message }));
}

interface MicBlockFields {
  readonly direction: Direction;
  readonly fCnt32: number;
  readonly confFCnt?: number;
  readonly txDr?: number;
  readonly txCh?: number;
}

/**
 * The block in front of the message, named B0 or B1 by which fields are non-zero.
 *
 * | 0x49 | ConfFCnt | TxDr | TxCh | Dir | DevAddr | FCnt32 | 0x00 | len(msg) |
 * |  1   |    2     |  1   |  1   |  1  |    4    |   4    |  1   |    1     |  bytes, little-endian
 *
 * ConfFCnt is the counter modulo 2^16 and counts only with ACK set: in all other cases it is 0, whatever
 * the caller remembers (LoRaWAN 1.1 §4.4.1, §4.4.2).
 */
function micBlock(message: Uint8Array, fields: MicBlockFields): Uint8Array {
  if (message.length < HEADER_LENGTH_BYTES) {
    throw new WarrenError("frame-too-short", `${message.length} bytes before the MIC`);
  }
  const block = new Uint8Array(16);
  const isAck = hasAck(message[F_CTRL_AT] as number);
  const confFCnt = isAck ? requireUint(fields.confFCnt ?? 0, 0xffffffff, "ConfFCnt") : 0;
  block[0] = MIC_BLOCK_TAG;
  block[1] = confFCnt & 0xff;
  block[2] = (confFCnt >>> 8) & 0xff;
  block[3] = requireUint(fields.txDr ?? 0, 0xff, "TxDr");
  block[4] = requireUint(fields.txCh ?? 0, 0xff, "TxCh");
  block[5] = encodeDirection(fields.direction);
  for (let index = 0; index < 4; index++) block[6 + index] = message[DEV_ADDR_AT + index] as number;
  putCounter(block, fields.fCnt32);
  block[15] = requireLengthOctet(message);
  return block;
}

function requireUint(value: number, highest: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > highest) {
    throw new WarrenError("value-out-of-range", `${field} must be in 0..${highest}, not ${value}`);
  }
  return value;
}

function requireLengthOctet(message: Uint8Array): number {
  if (message.length > 0xff) {
    throw new WarrenError("frame-too-long", `len(msg) is ${message.length}, above 255`);
  }
  return message.length;
}

function directionOf(message: Uint8Array): Direction {
  switch (decodeMhdr(message[0] as number)) {
    case MType.UnconfirmedDataUp:
    case MType.ConfirmedDataUp:
      return "up";
    case MType.UnconfirmedDataDown:
    case MType.ConfirmedDataDown:
      return "down";
    default:
      throw new WarrenError("frame-malformed", "not a data message");
  }
}
