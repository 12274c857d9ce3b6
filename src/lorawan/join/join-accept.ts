import { WarrenError } from "../../errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { MIC_LENGTH_BYTES } from "../frame-mic.ts";
import type { DevAddr, NetId } from "../identifiers.ts";
import { encodeMhdr, expectMType, MType } from "../mhdr.ts";
import { CF_LIST_LENGTH_BYTES } from "./cf-list.ts";
import { type DlSettings, decodeDlSettings, encodeDlSettings } from "./dl-settings.ts";

/**
 * Join-accept in clear: the network admits the end-device, after a Join-request or a Rejoin-request.
 *
 * | MHDR | JoinNonce | NetID | DevAddr | DLSettings | RxDelay | CFList  | MIC |
 * |  1   |     3     |   3   |    4    |     1      |    1    | 0 or 16 |  4  |  bytes, little-endian
 *
 * On air all but the MHDR is encrypted: see `secure-join-accept.ts`.
 *
 * @see LoRaWAN 1.1 §6.2.3, LoRaWAN 1.0.2 §6.2.5
 */
export interface JoinAccept {
  /** 1..2^24-1 (AppNonce before 1.0.4). Devices refuse 0, and 1.1 devices what is not above the last. */
  readonly joinNonce: number;
  /** The home network of the end-device. */
  readonly netId: NetId;
  readonly devAddr: DevAddr;
  readonly dlSettings: DlSettings;
  /** Seconds from the end of the uplink to RX1, 0..15; 0 means 1 second as well. */
  readonly rxDelay: number;
  /** 16 bytes as `encodeCfList` gives them; this layer does not look inside. */
  readonly cfList?: Uint8Array;
}

/** A decoded Join-accept together with the MIC that was found in it, not verified. */
export interface ReceivedJoinAccept extends JoinAccept {
  readonly mic: Uint8Array;
}

/** Bytes of a Join-accept on air without and with CFList. */
const JOIN_ACCEPT_LENGTHS_BYTES = [17, 33] as const;

const RX_DELAY_MASK = 0x0f;

/**
 * The bytes of a Join-accept from MHDR to CFList: what the MIC covers.
 *
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 */
export function encodeJoinAccept(joinAccept: JoinAccept): Uint8Array {
  if (!Number.isInteger(joinAccept.rxDelay) || (joinAccept.rxDelay & ~RX_DELAY_MASK) !== 0) {
    throw new WarrenError("value-out-of-range", "RxDelay must be in 0..15 seconds");
  }
  const writer = new ByteWriter()
    .uint8(encodeMhdr(MType.JoinAccept), "MHDR")
    .uint24(joinAccept.joinNonce, "JoinNonce")
    .netId(joinAccept.netId)
    .devAddr(joinAccept.devAddr)
    .uint8(encodeDlSettings(joinAccept.dlSettings), "DLSettings")
    .uint8(joinAccept.rxDelay, "RxDelay");
  if (joinAccept.cfList !== undefined) {
    if (joinAccept.cfList.length !== CF_LIST_LENGTH_BYTES) {
      throw new WarrenError("value-out-of-range", "CFList must have 16 bytes");
    }
    writer.bytes(joinAccept.cfList);
  }
  return writer.toBytes();
}

/**
 * Decodes a Join-accept in clear, MIC included. Checks its shape only: the MIC is not verified here. RFU
 * bits of RxDelay are ignored, as a receiver must (LoRaWAN 1.1 §1.2).
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`, `frame-malformed` (MHDR, or neither 17 nor 33
 * bytes)
 */
export function decodeJoinAccept(plaintext: Uint8Array): ReceivedJoinAccept {
  requireJoinAcceptLength(plaintext);
  const reader = new ByteReader(plaintext);
  expectMType(reader.uint8("MHDR"), MType.JoinAccept);
  const fixedFields = {
    joinNonce: reader.uint24("JoinNonce"),
    netId: reader.netId("NetID"),
    devAddr: reader.devAddr("DevAddr"),
    dlSettings: decodeDlSettings(reader.uint8("DLSettings")),
    rxDelay: reader.uint8("RxDelay") & RX_DELAY_MASK,
  };
  const hasCfList = reader.remaining > MIC_LENGTH_BYTES;
  return {
    ...fixedFields,
    ...(hasCfList && { cfList: reader.bytes(CF_LIST_LENGTH_BYTES, "CFList") }),
    mic: reader.bytes(MIC_LENGTH_BYTES, "MIC"),
  };
}

/** @throws WarrenError `frame-too-short`, `frame-too-long`, `frame-malformed` */
export function requireJoinAcceptLength(frame: Uint8Array): void {
  const [without, withCfList] = JOIN_ACCEPT_LENGTHS_BYTES;
  if (frame.length === without || frame.length === withCfList) {
    return;
  }
  const message = `a Join-accept has ${without} or ${withCfList} bytes, not ${frame.length}`;
  if (frame.length < without) {
    throw new WarrenError("frame-too-short", message);
  }
  throw new WarrenError(frame.length > withCfList ? "frame-too-long" : "frame-malformed", message);
}
