import type { Aes128Key } from "../../crypto/aes128.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { appendMic, computeMic, equalMics, MIC_LENGTH_BYTES, splitMic } from "../frame-mic.ts";
import type { Eui64 } from "../identifiers.ts";
import { encodeMhdr, expectMType, MType } from "../mhdr.ts";

/**
 * Join-request: the end-device asks to join a network.
 *
 * | MHDR | JoinEUI | DevEUI | DevNonce | MIC |
 * |  1   |    8    |   8    |    2     |  4  |  bytes, little-endian
 *
 * JoinEUI is called AppEUI before LoRaWAN 1.0.4.
 *
 * @see LoRaWAN 1.1 §6.2.2, LoRaWAN 1.0.2 §6.2.4
 */
export interface JoinRequest {
  readonly joinEui: Eui64;
  readonly devEui: Eui64;
  /** 0..65535. A counter from LoRaWAN 1.0.4 on, random before; never reused with the same JoinEUI. */
  readonly devNonce: number;
  /** First 4 bytes of the AES-CMAC over all bytes before it. */
  readonly mic: Uint8Array;
}

/**
 * Encodes and signs a Join-request.
 *
 * @param key AppKey of a 1.0.x device, NwkKey of a 1.1 device
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 */
export function encodeJoinRequest(fields: Omit<JoinRequest, "mic">, key: Aes128Key): Uint8Array {
  const message = new ByteWriter()
    .uint8(encodeMhdr(MType.JoinRequest), "MHDR")
    .eui64(fields.joinEui)
    .eui64(fields.devEui)
    .uint16(fields.devNonce, "DevNonce")
    .toBytes();
  return appendMic(message, computeJoinRequestMic(message, key));
}

/**
 * Decodes a Join-request of 23 bytes. Checks its shape only: the MIC is not verified here.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `frame-malformed` (MHDR)
 */
export function decodeJoinRequest(phyPayload: Uint8Array): JoinRequest {
  const reader = new ByteReader(phyPayload);
  expectMType(reader.uint8("MHDR"), MType.JoinRequest);
  const joinRequest = {
    joinEui: reader.eui64("JoinEUI"),
    devEui: reader.eui64("DevEUI"),
    devNonce: reader.uint16("DevNonce"),
    mic: reader.bytes(MIC_LENGTH_BYTES, "MIC"),
  };
  reader.end();
  return joinRequest;
}

/** @param message all bytes before the MIC, from the MHDR on */
export function computeJoinRequestMic(message: Uint8Array, key: Aes128Key): Uint8Array {
  return computeMic(key, message);
}

/**
 * Whether the last four bytes are the right MIC, compared in constant time.
 *
 * @throws WarrenError `frame-too-short` below 5 bytes
 */
export function verifyJoinRequestMic(phyPayload: Uint8Array, key: Aes128Key): boolean {
  const { message, mic } = splitMic(phyPayload);
  return equalMics(mic, computeJoinRequestMic(message, key));
}
