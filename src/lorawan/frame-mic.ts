import { aesCmac } from "../crypto/aes-cmac.ts";
import type { Aes128Key } from "../crypto/aes128.ts";
import { partOf } from "../crypto/bytes/copy-bytes.ts";
import { equalBytes } from "../crypto/constant-time.ts";
import { WarrenError } from "../errors.ts";

/** Every LoRaWAN frame ends in a message integrity code of four bytes. */
export const MIC_LENGTH_BYTES = 4;

/** A frame cut before its MIC. Both parts are to be read only: they may be views. */
export interface SplitFrame {
  readonly message: Uint8Array;
  readonly mic: Uint8Array;
}

/** @throws WarrenError `frame-too-short` when nothing is left before the MIC */
export function splitMic(frame: Uint8Array): SplitFrame {
  const messageLengthBytes = frame.length - MIC_LENGTH_BYTES;
  if (messageLengthBytes < 1) {
    throw new WarrenError("frame-too-short", `${frame.length} bytes cannot hold a MIC`);
  }
  return {
    message: partOf(frame, 0, messageLengthBytes),
    mic: partOf(frame, messageLengthBytes, frame.length),
  };
}

/** The first four bytes of the AES-CMAC over `parts` one after the other. */
export function computeMic(key: Aes128Key, ...parts: readonly Uint8Array[]): Uint8Array {
  return aesCmac(key, ...parts).slice(0, MIC_LENGTH_BYTES);
}

/** Compares two MICs in constant time, so that timing does not help to forge one byte by byte. */
export function equalMics(received: Uint8Array, computed: Uint8Array): boolean {
  return equalBytes(received, computed);
}

/** `message` followed by its MIC. */
export function appendMic(message: Uint8Array, mic: Uint8Array): Uint8Array {
  const frame = new Uint8Array(message.length + mic.length);
  frame.set(message);
  frame.set(mic, message.length);
  return frame;
}
