import { aesCmac } from "../../crypto/aes-cmac.ts";
import type { Aes128Key } from "../../crypto/aes128.ts";
import { ByteWriter } from "../../lorawan/byte-writer.ts";
import type { RootKeys } from "../root-keys.ts";
import type { UpdateBinding, UpdateTranscript } from "./context.ts";

const MIC_BYTES = 4;
const NOTHING = new Uint8Array(0);
/** First octet of what is authenticated: none is a valid MHDR, so no frame's MIC can pass for one. */
const REQUEST = 0x80;
const READY_FROM_DEVICE = 0x81;
const READY_FROM_JOIN_SERVER = 0x82;

/**
 * MIC of RootKeyUpdateReq: CMAC(RKUIntKey, 0x80 ‖ DevEUI ‖ JoinEUI ‖ UpdateID ‖ suite ‖ JSNonce)[0..3], in a
 * healing update with JSPublicKey behind it.
 */
export function rootKeyUpdateReqMic(rkuIntKey: Aes128Key, binding: UpdateBinding): Uint8Array {
  const authenticated = new ByteWriter()
    .bytes(encodeBinding(REQUEST, binding))
    .bytes(binding.jsPublicKey ?? NOTHING)
    .toBytes();
  return aesCmac(rkuIntKey, authenticated).slice(0, MIC_BYTES);
}

/** MIC of NewKeyReadyReq: the end-device proves both new keys. */
export function newKeyReadyReqMic(newKeys: RootKeys, transcript: UpdateTranscript): Uint8Array {
  return newKeyReadyMic(READY_FROM_DEVICE, newKeys, transcript);
}

/** MIC of NewKeyReadyAns: the Join Server proves both new keys. */
export function newKeyReadyAnsMic(newKeys: RootKeys, transcript: UpdateTranscript): Uint8Array {
  return newKeyReadyMic(READY_FROM_JOIN_SERVER, newKeys, transcript);
}

/**
 * CMAC(NwkKey', T ‖ CMAC(AppKey', T))[0..3] with
 * T = x ‖ DevEUI ‖ JoinEUI ‖ UpdateID ‖ suite ‖ JSNonce ‖ EDNonce and x the direction; in a healing update
 * JSPublicKey ‖ EDPublicKey follow. The suite octet has the kind, so none of one passes for the other.
 */
function newKeyReadyMic(x: number, newKeys: RootKeys, transcript: UpdateTranscript): Uint8Array {
  const t = new ByteWriter()
    .bytes(encodeBinding(x, transcript))
    .bytes(transcript.edNonce)
    .bytes(transcript.jsPublicKey ?? NOTHING)
    .bytes(transcript.edPublicKey ?? NOTHING)
    .toBytes();
  const inner = aesCmac(newKeys.appKey, t);
  return aesCmac(newKeys.nwkKey, new ByteWriter().bytes(t).bytes(inner).toBytes()).slice(
    0,
    MIC_BYTES,
  );
}

/** Integers and EUIs little-endian, the nonce as drawn. */
function encodeBinding(firstOctet: number, binding: UpdateBinding): Uint8Array {
  return new ByteWriter()
    .uint8(firstOctet, "first octet")
    .eui64(binding.devEui)
    .eui64(binding.joinEui)
    .uint16(binding.updateId, "UpdateID")
    .uint8(binding.suite, "suite")
    .bytes(binding.jsNonce)
    .toBytes();
}
