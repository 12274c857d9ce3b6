import { nextTmst, type Txpk } from "../../gwmp/txpk.ts";
import { dataRateByIndex, downlinkPowerDbm } from "../../lorawan/region/data-rates.ts";
import type { Region } from "../../lorawan/region/region.ts";
import type { ReceiveWindow } from "../downlink/receive-windows.ts";
import type { Reception } from "./received-uplink.ts";

/** Frequency deviation of LoRaWAN's 50 kbit/s FSK, in Hz (Regional Parameters, "FSK" of EU868). */
const FSK_DEVIATION_HZ = 25_000;

/** What a gateway needs to send a frame in one window: timed by its own clock from the uplink it heard. */
export function encodeTransmission(
  region: Region,
  frame: { readonly phyPayload: Uint8Array; readonly window: ReceiveWindow },
  reception: Pick<Reception, "tmst">,
): Txpk {
  const { window, phyPayload } = frame;
  const common = {
    timing: { tmst: nextTmst(reception.tmst, window.delayMs * 1_000) },
    frequencyHz: window.frequencyHz,
    rfch: 0,
    powe: downlinkPowerDbm(region, window.frequencyHz),
    ncrc: true,
    phyPayload,
  };
  const dataRate = dataRateByIndex(region, window.dataRate);
  return dataRate.modulation === "LORA"
    ? { ...common, modu: "LORA", datr: dataRate.name, codr: "4/5", ipol: true }
    : { ...common, modu: "FSK", datr: dataRate.bitRate, fdev: FSK_DEVIATION_HZ };
}
