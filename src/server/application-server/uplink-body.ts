import { type Static, Type } from "typebox";
import type { UplinkMessage } from "../../application-server/uplinks/uplink-message.ts";
import { decodeKeyEnvelope } from "../../backend/key-envelope.ts";
import { Members } from "../../backend/members.ts";
import { parseHex } from "../../lorawan/hex.ts";
import { parseDevAddr, parseEui64 } from "../../lorawan/identifiers.ts";
import { parseMacVersion } from "../../lorawan/mac-version.ts";
import { hexOf, hexUpTo } from "../hex-schemas.ts";

/** A frame counter. */
export const Counter32 = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 });

/** A LoRa packet has a length octet; no FRMPayload comes near it. */
const FRM_PAYLOAD_MAX_LENGTH_BYTES = 255;

/** Those that are named first, which heard best; a message with more is not refused, or it would come for ever. */
const GATEWAYS_KEPT = 100;

/** Body of `POST /network-server/uplinks` (wire-protocols.md). Members we don't know are ignored. */
export const UplinkBody = Type.Object({
  DevEUI: hexOf(8),
  DevAddr: hexOf(4),
  JoinEUI: Type.Optional(hexOf(8)),
  MACVersion: Type.String({ maxLength: 16 }),
  SessionKeyID: Type.String({ minLength: 1, maxLength: 128 }),
  AppSKey: Type.Optional(
    Type.Object({
      KEKLabel: Type.Optional(Type.String({ maxLength: 128 })),
      AESKey: Type.String({ maxLength: 64 }),
    }),
  ),
  FPort: Type.Integer({ minimum: 1, maximum: 255 }),
  FCntUp: Counter32,
  Confirmed: Type.Boolean(),
  FRMPayload: hexUpTo(FRM_PAYLOAD_MAX_LENGTH_BYTES),
  ReceivedAt: Type.String({ maxLength: 40 }),
  DataRate: Type.Optional(Type.String({ maxLength: 40 })),
  Frequency: Type.Optional(Type.Number({ minimum: 0 })),
  Gateways: Type.Optional(
    Type.Array(
      Type.Object({
        GatewayEUI: hexOf(8),
        RSSI: Type.Optional(Type.Number()),
        SNR: Type.Optional(Type.Number()),
      }),
      { maxItems: 1_000 },
    ),
  ),
});

/** @throws WarrenError `text-malformed`, `request-malformed` */
export function readUplinkBody(body: Static<typeof UplinkBody>): UplinkMessage {
  const { JoinEUI, AppSKey, DataRate, Frequency } = body;
  return {
    devEui: parseEui64(body.DevEUI),
    devAddr: parseDevAddr(body.DevAddr),
    macVersion: parseMacVersion(body.MACVersion),
    sessionKeyId: body.SessionKeyID,
    ...(JoinEUI !== undefined && { joinEui: parseEui64(JoinEUI) }),
    ...(AppSKey !== undefined && { appSKey: decodeKeyEnvelope(new Members(AppSKey)) }),
    fPort: body.FPort,
    fCntUp: body.FCntUp,
    isConfirmed: body.Confirmed,
    frmPayload: parseHex(body.FRMPayload),
    reception: {
      receivedAt: body.ReceivedAt,
      ...(DataRate !== undefined && { dataRate: DataRate }),
      ...(Frequency !== undefined && { frequency: Frequency }),
      gateways: (body.Gateways ?? []).slice(0, GATEWAYS_KEPT).map(({ GatewayEUI, RSSI, SNR }) => ({
        gatewayEui: parseEui64(GatewayEUI),
        ...(RSSI !== undefined && { rssi: RSSI }),
        ...(SNR !== undefined && { snr: SNR }),
      })),
    },
  };
}
