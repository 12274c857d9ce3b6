import { rx1DataRate, rx1FrequencyHz } from "../../lorawan/region/channels.ts";
import { maxPayloadLengthBytes } from "../../lorawan/region/data-rates.ts";
import type { Region } from "../../lorawan/region/region.ts";
import type { Reception } from "../gateway/received-uplink.ts";

/** One of the two windows in which a class A device listens after an uplink (LoRaWAN 1.1 §3.3). */
export interface ReceiveWindow {
  readonly name: "RX1" | "RX2";
  /** From the end of the uplink. */
  readonly delayMs: number;
  readonly frequencyHz: number;
  /** Index in the region. */
  readonly dataRate: number;
  /** FOpts and FRMPayload together. */
  readonly maxPayloadLengthBytes: number;
}

/** What the end-device was told about its windows. */
export interface WindowParameters {
  /** From the end of the uplink to RX1; RX2 opens one second later. */
  readonly rx1DelayMs: number;
  readonly rx1DrOffset: number;
  readonly rx2DataRate: number;
}

const RX2_AFTER_RX1_MS = 1_000;

/** How long before a window a gateway must have the frame: the way there, and 30 ms to program it. */
export const LEAD_TIME_MS = 100;

/**
 * RX1 and RX2 after an uplink. RX1 is left out when the uplink was on no channel or data rate that the
 * region answers.
 */
export function receiveWindows(
  region: Region,
  uplink: Pick<Reception, "frequencyHz" | "dataRate">,
  parameters: WindowParameters,
): readonly ReceiveWindow[] {
  const rx2: ReceiveWindow = {
    name: "RX2",
    delayMs: parameters.rx1DelayMs + RX2_AFTER_RX1_MS,
    frequencyHz: region.rx2.frequencyHz,
    dataRate: parameters.rx2DataRate,
    maxPayloadLengthBytes: maxPayloadLengthBytes(region, parameters.rx2DataRate),
  };
  const dataRate = region.rx1DataRates[uplink.dataRate]?.[parameters.rx1DrOffset];
  const isKnownChannel =
    region.rx1FrequenciesHz === undefined ||
    region.channels.some(({ frequencyHz }) => frequencyHz === uplink.frequencyHz);
  if (dataRate === undefined || !isKnownChannel) return [rx2];
  const rx1: ReceiveWindow = {
    name: "RX1",
    delayMs: parameters.rx1DelayMs,
    frequencyHz: rx1FrequencyHz(region, uplink.frequencyHz),
    dataRate: rx1DataRate(region, uplink.dataRate, parameters.rx1DrOffset),
    maxPayloadLengthBytes: maxPayloadLengthBytes(region, dataRate),
  };
  return [rx1, rx2];
}

/** The windows that a gateway can still be told about at `now`. */
export function windowsInTime(
  windows: readonly ReceiveWindow[],
  receivedAt: number,
  now: number,
): readonly ReceiveWindow[] {
  return windows.filter(({ delayMs }) => now <= receivedAt + delayMs - LEAD_TIME_MS);
}
