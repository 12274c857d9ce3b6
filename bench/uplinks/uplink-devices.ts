import { createHash } from "node:crypto";
import { type Aes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import { encodeDataFrame, type UplinkDataFields } from "../../src/lorawan/data/data-frame.ts";
import { computeDataMic10, computeUplinkMic11 } from "../../src/lorawan/data/data-mic.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { type DevAddr, type Eui64, parseDevAddr } from "../../src/lorawan/identifiers.ts";

/** The AS-ID of every device. */
export const UPLINK_AS_ID = "as";
const JOIN_EUI = "70b3d57ed0000002";
const FIRST_DEV_EUI = 0x0a0b0c0d00000000n;
const FIRST_DEV_ADDR = 0x02100000;

/** On which channel and with which data rate an uplink was sent: its MIC covers both in LoRaWAN 1.1. */
export interface Radio {
  readonly txDr: number;
  readonly txCh: number;
}

/** A personalized end-device: every other one of LoRaWAN 1.1, the others of 1.0.3. */
export interface UplinkDevice {
  readonly index: number;
  readonly devEui: Eui64;
  readonly devAddr: DevAddr;
  readonly is11: boolean;
  readonly fNwkSIntKey: Aes128Key;
  readonly sNwkSIntKey: Aes128Key;
}

export function uplinkDevice(index: number): UplinkDevice {
  return {
    index,
    devEui: devEuiOf(index) as Eui64,
    devAddr: parseDevAddr((FIRST_DEV_ADDR + index).toString(16).padStart(8, "0")),
    is11: index % 2 === 1,
    fNwkSIntKey: importAes128Key(keyBytes("FNwkSIntKey", index)),
    sNwkSIntKey: importAes128Key(keyBytes("SNwkSIntKey", index)),
  };
}

/** The AppSKey of a device, 16 octets: only an Application Server asks for it. */
export function appSKeyOf(index: number): Uint8Array {
  return keyBytes("AppSKey", index);
}

/** What an operator says of the device (`POST /devices/batch`). */
export function recordOf({ index, devEui, devAddr, is11 }: UplinkDevice): object {
  const hex = (name: string) => formatHex(keyBytes(name, index));
  return {
    devEui,
    joinEui: JOIN_EUI,
    macVersion: is11 ? "1.1.0" : "1.0.3",
    asId: UPLINK_AS_ID,
    abp: {
      devAddr,
      fNwkSIntKey: hex("FNwkSIntKey"),
      ...(is11 && { sNwkSIntKey: hex("SNwkSIntKey"), nwkSEncKey: hex("NwkSEncKey") }),
    },
  };
}

/** The number of the device with this DevEUI. */
export function indexOfDevEui(devEui: string): number {
  return Number(BigInt(`0x${devEui}`) - FIRST_DEV_EUI);
}

/** What an application sees of an uplink, 8, 14 or 20 octets; no Network Server looks into it. */
export function payloadOf(index: number, fCnt: number): Uint8Array {
  const payload = Buffer.alloc(8 + 6 * (index % 3));
  payload.writeUInt32LE(index, 0);
  payload.writeUInt32LE(fCnt, 4);
  return payload;
}

/** An uplink as on air. */
export function uplinkOf(
  device: UplinkDevice,
  fCnt: number,
  { txDr, txCh, isConfirmed }: Radio & { readonly isConfirmed: boolean },
): Uint8Array {
  const fields: UplinkDataFields = {
    isUplink: true,
    isConfirmed,
    devAddr: device.devAddr,
    fCtrl: { adr: false, adrAckReq: false, ack: false, classB: false },
    fCnt: fCnt & 0xffff,
    fOpts: new Uint8Array(),
    fPort: 1,
    frmPayload: payloadOf(device.index, fCnt),
  };
  const { fNwkSIntKey, sNwkSIntKey } = device;
  return encodeDataFrame(fields, (phyPayloadWithoutMic) =>
    device.is11
      ? computeUplinkMic11({
          ...{ phyPayloadWithoutMic, fCntUp: fCnt, confFCnt: 0, txDr, txCh },
          ...{ fNwkSIntKey, sNwkSIntKey },
        })
      : computeDataMic10({
          ...{ phyPayloadWithoutMic, direction: "up", fCnt32: fCnt },
          nwkSKey: fNwkSIntKey,
        }),
  );
}

function devEuiOf(index: number): string {
  return (FIRST_DEV_EUI + BigInt(index)).toString(16).padStart(16, "0");
}

function keyBytes(name: string, index: number): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`${name} ${index}`).digest().subarray(0, 16));
}
