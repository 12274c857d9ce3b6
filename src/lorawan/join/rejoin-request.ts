import type { Aes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { appendMic, computeMic, equalMics, MIC_LENGTH_BYTES, splitMic } from "../frame-mic.ts";
import type { Eui64, NetId } from "../identifiers.ts";
import { encodeMhdr, expectMType, MType } from "../mhdr.ts";

/**
 * Rejoin-request type 0 (reset a device context, radio parameters included) or 2 (new keys or DevAddr only).
 *
 * | MHDR | Rejoin Type | NetID | DevEUI | RJcount0 | MIC |
 * |  1   |      1      |   3   |   8    |    2     |  4  |  bytes, little-endian
 *
 * Only the serving or home Network Server can check its MIC, which is under SNwkSIntKey.
 *
 * @see LoRaWAN 1.1 §6.2.4.1
 */
export interface RejoinRequest02 {
  readonly rejoinType: 0 | 2;
  /** The home network of the end-device. */
  readonly netId: NetId;
  readonly devEui: Eui64;
  /** 0..65535, one counter for types 0 and 2, back to 0 after each Join-accept; never wraps. */
  readonly rjCount0: number;
  readonly mic: Uint8Array;
}

/**
 * Rejoin-request type 1: restores a session that the network has lost.
 *
 * | MHDR | Rejoin Type | JoinEUI | DevEUI | RJcount1 | MIC |
 * |  1   |      1      |    8    |   8    |    2     |  4  |  bytes, little-endian
 *
 * Only the Join Server can check its MIC, which is under JSIntKey.
 *
 * @see LoRaWAN 1.1 §6.2.4.2
 */
export interface RejoinRequest1 {
  readonly rejoinType: 1;
  readonly joinEui: Eui64;
  readonly devEui: Eui64;
  /** 0..65535; never wraps for a given JoinEUI. */
  readonly rjCount1: number;
  readonly mic: Uint8Array;
}

export type RejoinRequest = RejoinRequest02 | RejoinRequest1;

/** A Rejoin-request before it is signed. */
export type UnsignedRejoinRequest = Omit<RejoinRequest02, "mic"> | Omit<RejoinRequest1, "mic">;

/**
 * Encodes and signs a Rejoin-request: 19 bytes of type 0 or 2, 24 of type 1.
 *
 * @param key SNwkSIntKey for types 0 and 2, JSIntKey for type 1
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 */
export function encodeRejoinRequest(fields: UnsignedRejoinRequest, key: Aes128Key): Uint8Array {
  const writer = new ByteWriter()
    .uint8(encodeMhdr(MType.RejoinRequest), "MHDR")
    .uint8(fields.rejoinType, "Rejoin Type");
  if (fields.rejoinType === 1) {
    writer.eui64(fields.joinEui).eui64(fields.devEui).uint16(fields.rjCount1, "RJcount1");
  } else {
    writer.netId(fields.netId).eui64(fields.devEui).uint16(fields.rjCount0, "RJcount0");
  }
  const message = writer.toBytes();
  return appendMic(message, computeRejoinRequestMic(message, key));
}

/**
 * Decodes a Rejoin-request. Checks its shape only: the MIC is not verified here.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `frame-malformed` (MHDR, Rejoin Type)
 */
export function decodeRejoinRequest(phyPayload: Uint8Array): RejoinRequest {
  const reader = new ByteReader(phyPayload);
  expectMType(reader.uint8("MHDR"), MType.RejoinRequest);
  const rejoinType = reader.uint8("Rejoin Type");
  const rejoinRequest =
    rejoinType === 1 ? readRejoinRequest1(reader) : readRejoinRequest02(reader, rejoinType);
  reader.end();
  return rejoinRequest;
}

/** @param message all bytes before the MIC, from the MHDR on */
export function computeRejoinRequestMic(message: Uint8Array, key: Aes128Key): Uint8Array {
  return computeMic(key, message);
}

/**
 * Whether the last four bytes are the right MIC, compared in constant time.
 *
 * @param key SNwkSIntKey for types 0 and 2, JSIntKey for type 1
 * @throws WarrenError `frame-too-short` below 5 bytes
 */
export function verifyRejoinRequestMic(phyPayload: Uint8Array, key: Aes128Key): boolean {
  const { message, mic } = splitMic(phyPayload);
  return equalMics(mic, computeRejoinRequestMic(message, key));
}

function readRejoinRequest02(reader: ByteReader, rejoinType: number): RejoinRequest02 {
  if (rejoinType !== 0 && rejoinType !== 2) {
    throw new WarrenError("frame-malformed", `unknown Rejoin Type ${rejoinType}`);
  }
  return {
    rejoinType,
    netId: reader.netId("NetID"),
    devEui: reader.eui64("DevEUI"),
    rjCount0: reader.uint16("RJcount0"),
    mic: reader.bytes(MIC_LENGTH_BYTES, "MIC"),
  };
}

function readRejoinRequest1(reader: ByteReader): RejoinRequest1 {
  return {
    rejoinType: 1,
    joinEui: reader.eui64("JoinEUI"),
    devEui: reader.eui64("DevEUI"),
    rjCount1: reader.uint16("RJcount1"),
    mic: reader.bytes(MIC_LENGTH_BYTES, "MIC"),
  };
}
