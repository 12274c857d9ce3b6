import { type Aes128Key, aes128Decrypt, aes128Encrypt } from "../../crypto/aes128.ts";
import { copyBytes } from "../../crypto/bytes/copy-bytes.ts";
import { WarrenError } from "../../errors.ts";
import { appendMic, equalMics, splitMic } from "../frame-mic.ts";
import { expectMType, MType } from "../mhdr.ts";
import {
  decodeJoinAccept,
  encodeJoinAccept,
  type JoinAccept,
  type ReceivedJoinAccept,
  requireJoinAcceptLength,
} from "./join-accept.ts";
import {
  computeJoinAcceptMic,
  type JoinAcceptMic,
  type JoinAcceptMic11,
} from "./join-accept-mic.ts";

/** What a server needs to answer one Join-request or Rejoin-request. */
export interface BuildJoinAcceptInput {
  readonly joinAccept: JoinAccept;
  readonly mic: JoinAcceptMic;
  /** AppKey or NwkKey after a Join-request, JSEncKey after a Rejoin-request (§6.2.3, table 14). */
  readonly encryptionKey: Aes128Key;
}

/** What an end-device needs to open the answer to its request. */
export interface OpenJoinAcceptInput {
  readonly phyPayload: Uint8Array;
  /** AppKey or NwkKey after a Join-request, JSEncKey after a Rejoin-request. */
  readonly encryptionKey: Aes128Key;
  /** AppKey of a 1.0.x device, NwkKey of a 1.1 device. */
  readonly rootKey: Aes128Key;
  /** Only on a 1.1 device: what its MIC covers when the network sets OptNeg. */
  readonly mic11?: Omit<JoinAcceptMic11, "scheme">;
}

/**
 * The PHYPayload of a Join-accept, signed and encrypted: 17 bytes, or 33 with a CFList.
 *
 * A 1.1 MIC goes with OptNeg and nothing else, since a 1.1 device picks its rule by that bit. A 1.0 MIC with
 * OptNeg set is refused too: a 1.1 device would drop it, a 1.0.x device knows no such bit.
 *
 * @throws WarrenError `version-contradiction`, `value-out-of-range`, `text-malformed`
 * @see LoRaWAN 1.1 §6.2.3
 */
export function buildJoinAccept(input: BuildJoinAcceptInput): Uint8Array {
  const { joinAccept, mic } = input;
  if (joinAccept.dlSettings.optNeg !== (mic.scheme === "1.1")) {
    throw new WarrenError(
      "version-contradiction",
      `OptNeg ${joinAccept.dlSettings.optNeg ? "set" : "unset"} with the MIC of ${mic.scheme}`,
    );
  }
  const message = encodeJoinAccept(joinAccept);
  return encryptJoinAccept(
    appendMic(message, computeJoinAcceptMic(message, mic)),
    input.encryptionKey,
  );
}

/**
 * What the end-device does with a Join-accept: decrypt, choose the MIC rule by OptNeg, verify. JoinNonce is
 * left to the caller, who knows the last one.
 *
 * @throws WarrenError `mic-mismatch`; `frame-too-short`, `frame-too-long`, `frame-malformed`
 */
export function openJoinAccept(input: OpenJoinAcceptInput): ReceivedJoinAccept {
  const plaintext = decryptJoinAccept(input.phyPayload, input.encryptionKey);
  const joinAccept = decodeJoinAccept(plaintext);
  const mic: JoinAcceptMic =
    joinAccept.dlSettings.optNeg && input.mic11 !== undefined
      ? { scheme: "1.1", ...input.mic11 }
      : { scheme: "1.0", key: input.rootKey };
  if (!verifyJoinAcceptMic(plaintext, mic)) {
    throw new WarrenError("mic-mismatch", `Join-accept with a wrong MIC of ${mic.scheme}`);
  }
  return joinAccept;
}

/** Whether a Join-accept in clear ends in the right MIC, compared in constant time. */
export function verifyJoinAcceptMic(plaintext: Uint8Array, mic: JoinAcceptMic): boolean {
  const split = splitMic(plaintext);
  return equalMics(split.mic, computeJoinAcceptMic(split.message, mic));
}

/**
 * Encrypts all but the MHDR with the AES *decrypt* operation in ECB mode, so that the end-device needs the
 * encrypt operation only.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `frame-malformed`
 */
export function encryptJoinAccept(plaintext: Uint8Array, key: Aes128Key): Uint8Array {
  return transformBody(plaintext, (body) => aes128Decrypt(key, body));
}

/** The inverse of `encryptJoinAccept`. @throws WarrenError as there */
export function decryptJoinAccept(phyPayload: Uint8Array, key: Aes128Key): Uint8Array {
  return transformBody(phyPayload, (body) => aes128Encrypt(key, body));
}

function transformBody(frame: Uint8Array, transform: (body: Uint8Array) => Uint8Array): Uint8Array {
  requireJoinAcceptLength(frame);
  const mhdr = frame[0] as number;
  expectMType(mhdr, MType.JoinAccept);
  const body = transform(copyBytes(frame, 1, frame.length));
  const transformed = new Uint8Array(frame.length);
  transformed[0] = mhdr;
  transformed.set(body, 1);
  return transformed;
}
