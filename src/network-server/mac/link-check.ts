import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import { dataRateByIndex } from "../../lorawan/region/data-rates.ts";
import type { MacContext } from "./mac-context.ts";

const MARGIN_MAX_DB = 254;

/** SNR at which a LoRa demodulator still works, by spreading factor (Semtech SX1276 data sheet, table 13). */
const DEMODULATION_FLOOR_DB: Readonly<Record<number, number>> = {
  7: -7.5,
  8: -10,
  9: -12.5,
  10: -15,
  11: -17.5,
  12: -20,
};

/** Answers LinkCheckReq with the margin at the best gateway and the number of gateways (LoRaWAN 1.1 §5.2). */
export function answerLinkCheck({ uplink, region }: MacContext): DownlinkMacCommand {
  const { best, receptions } = uplink;
  const dataRate = dataRateByIndex(region, best.dataRate);
  const floorDb =
    dataRate.modulation === "LORA" ? (DEMODULATION_FLOOR_DB[dataRate.spreadingFactor] ?? 0) : 0;
  const marginDb = Math.round((best.snr ?? 0) - floorDb);
  return {
    name: "LinkCheckAns",
    marginDb: Math.min(Math.max(marginDb, 0), MARGIN_MAX_DB),
    gwCnt: Math.min(receptions.length, 255),
  };
}
