import { WarrenError } from "../../errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { appendMic, MIC_LENGTH_BYTES } from "../frame-mic.ts";
import type { DevAddr } from "../identifiers.ts";
import { decodeMhdr, encodeMhdr, MType } from "../mhdr.ts";
import {
  type DownlinkFCtrl,
  decodeDownlinkFCtrl,
  decodeUplinkFCtrl,
  encodeDownlinkFCtrl,
  encodeUplinkFCtrl,
  F_OPTS_MAX_LENGTH_BYTES,
  fOptsLenOf,
  type UplinkFCtrl,
} from "./f-ctrl.ts";

/** A LoRa packet has a length octet, and so has the block B0 of the MIC. */
const PHY_PAYLOAD_MAX_LENGTH_BYTES = 255;

interface DataFields {
  readonly isConfirmed: boolean;
  readonly devAddr: DevAddr;
  /** 0..65535: the lower half of the 32-bit frame counter. */
  readonly fCnt: number;
  /** MAC commands, 0..15 bytes as on air: encrypted in 1.1, in clear in 1.0.x. */
  readonly fOpts: Uint8Array;
  /** 0 for MAC commands in FRMPayload. Absent in a frame without FRMPayload, unless it came with one. */
  readonly fPort?: number;
  /** As on air, encrypted. */
  readonly frmPayload: Uint8Array;
}

/** A data frame from the end-device, before its MIC. */
export interface UplinkDataFields extends DataFields {
  readonly isUplink: true;
  readonly fCtrl: UplinkFCtrl;
}

/** A data frame to the end-device, before its MIC. */
export interface DownlinkDataFields extends DataFields {
  readonly isUplink: false;
  readonly fCtrl: DownlinkFCtrl;
}

export type DataFrameFields = UplinkDataFields | DownlinkDataFields;

/** What decoding finds out beside the fields. */
interface Received {
  readonly mType: MType;
  /** First 4 bytes of one AES-CMAC, or two halves of two: see `data-mic.ts`. */
  readonly mic: Uint8Array;
}

/**
 * A data frame as it is on air: nothing is decrypted, the MIC is not verified.
 *
 * | MHDR | DevAddr | FCtrl | FCnt | FOpts  | FPort  | FRMPayload | MIC |
 * |  1   |    4    |   1   |  2   | 0..15  | 0 or 1 |    0..N    |  4  |  bytes, little-endian
 *
 * @see LoRaWAN 1.1 §4.3
 */
export type DataFrame = (UplinkDataFields & Received) | (DownlinkDataFields & Received);

/**
 * Encodes a data frame and lets `sign` compute the MIC over all bytes before it.
 *
 * @param fields FOpts and FRMPayload already encrypted
 * @throws WarrenError `value-out-of-range` (a field), `frame-malformed` (fields that exclude each other),
 * `frame-too-long` (above 255 bytes)
 */
export function encodeDataFrame(
  fields: DataFrameFields,
  sign: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  const { fOpts, fPort, frmPayload } = fields;
  if (fOpts.length > F_OPTS_MAX_LENGTH_BYTES) {
    throw new WarrenError("value-out-of-range", `FOpts has at most 15 bytes, not ${fOpts.length}`);
  }
  if (frmPayload.length > 0 && fPort === undefined) {
    throw new WarrenError("frame-malformed", "FRMPayload needs an FPort");
  }
  refuseMacCommandsTwice(fOpts, fPort);
  const writer = new ByteWriter()
    .uint8(encodeMhdr(dataMType(fields.isUplink, fields.isConfirmed)), "MHDR")
    .devAddr(fields.devAddr)
    .uint8(encodeFCtrl(fields), "FCtrl")
    .uint16(fields.fCnt, "FCnt")
    .bytes(fOpts);
  if (fPort !== undefined) {
    writer.uint8(fPort, "FPort");
  }
  const message = writer.bytes(frmPayload).toBytes();
  requireLength(message.length + MIC_LENGTH_BYTES);
  return appendMic(message, sign(message));
}

/**
 * Decodes a data frame of either direction. Checks its shape only: the MIC is not verified here.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long` (above 255 bytes), `frame-malformed` (MHDR, or
 * FOpts together with FPort 0)
 */
export function decodeDataFrame(phyPayload: Uint8Array): DataFrame {
  requireLength(phyPayload.length);
  const reader = new ByteReader(phyPayload);
  const mType = decodeMhdr(reader.uint8("MHDR"));
  const devAddr = reader.devAddr("DevAddr");
  const fCtrlOctet = reader.uint8("FCtrl");
  const fCnt = reader.uint16("FCnt");
  const fOpts = reader.bytes(fOptsLenOf(fCtrlOctet), "FOpts");
  const fPort = reader.remaining > MIC_LENGTH_BYTES ? reader.uint8("FPort") : undefined;
  refuseMacCommandsTwice(fOpts, fPort);
  const frmPayload = reader.bytes(Math.max(0, reader.remaining - MIC_LENGTH_BYTES), "FRMPayload");
  const mic = reader.bytes(MIC_LENGTH_BYTES, "MIC");
  const isUplink = mType === MType.UnconfirmedDataUp || mType === MType.ConfirmedDataUp;
  if (!isUplink && mType !== MType.UnconfirmedDataDown && mType !== MType.ConfirmedDataDown) {
    throw new WarrenError("frame-malformed", `MType ${mType} is not a data message`);
  }
  const fields = {
    mType,
    isUplink,
    isConfirmed: mType === MType.ConfirmedDataUp || mType === MType.ConfirmedDataDown,
    fCtrl: isUplink ? decodeUplinkFCtrl(fCtrlOctet) : decodeDownlinkFCtrl(fCtrlOctet),
    devAddr,
    fCnt,
    fOpts,
    frmPayload,
    mic,
  };
  // FCtrl fits isUplink, which the type of a union does not see.
  return (fPort === undefined ? fields : { ...fields, fPort }) as DataFrame;
}

function dataMType(isUplink: boolean, isConfirmed: boolean): MType {
  if (isUplink) {
    return isConfirmed ? MType.ConfirmedDataUp : MType.UnconfirmedDataUp;
  }
  return isConfirmed ? MType.ConfirmedDataDown : MType.UnconfirmedDataDown;
}

function encodeFCtrl(fields: DataFrameFields): number {
  return fields.isUplink
    ? encodeUplinkFCtrl(fields.fCtrl, fields.fOpts.length)
    : encodeDownlinkFCtrl(fields.fCtrl, fields.fOpts.length);
}

/** MAC commands are in FOpts or under FPort 0, never both (LoRaWAN 1.1 §4.3.1.6). */
function refuseMacCommandsTwice(fOpts: Uint8Array, fPort: number | undefined): void {
  if (fOpts.length > 0 && fPort === 0) {
    throw new WarrenError("frame-malformed", "FOpts and FPort 0 exclude each other");
  }
}

function requireLength(lengthBytes: number): void {
  if (lengthBytes > PHY_PAYLOAD_MAX_LENGTH_BYTES) {
    throw new WarrenError(
      "frame-too-long",
      `a data frame has at most ${PHY_PAYLOAD_MAX_LENGTH_BYTES} bytes, not ${lengthBytes}`,
    );
  }
}
