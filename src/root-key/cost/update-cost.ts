import { frameDurationMs } from "../../lorawan/region/frame-duration.ts";
import type { Exchange, FrameContent } from "./exchange.ts";
import { type UpdateFlow, updateExchanges } from "./update-exchanges.ts";

/** What the radio of a device takes. */
export interface RadioCurrents {
  readonly voltageV: number;
  readonly transmitMa: number;
  readonly receiveMa: number;
}

/** An SX1262 at 14 dBm and 3.3 V; receiving as its data sheet says. */
export const DEFAULT_CURRENTS: RadioCurrents = { voltageV: 3.3, transmitMa: 45, receiveMa: 4.6 };

/** Expected cost of one update, or of a join, for its device: frames, time on the air, energy of the radio. */
export interface UpdateCost {
  readonly uplinks: number;
  readonly downlinks: number;
  readonly uplinkAirtimeMs: number;
  readonly downlinkAirtimeMs: number;
  readonly energyMj: number;
}

export interface CostConditions {
  /** Share of frames lost, each way and independently, 0 to below 1. Default 0. */
  readonly loss?: number;
  readonly currents?: RadioCurrents;
}

/** For so long a radio listens where nothing comes. */
const EMPTY_WINDOW_SYMBOLS = 8;
const EMPTY_WINDOWS = 2;
/** A window for FSK, which has no symbols of this length: as the shortest of LoRa. */
const FSK_WINDOW_MS = (EMPTY_WINDOW_SYMBOLS * 2 ** 7) / 125;

/**
 * The expected cost of one update, the join at its end included; the key derivation takes less than a
 * thousandth of the radio's energy.
 *
 * @throws WarrenError `value-out-of-range` for a data rate that the region has not for uplinks
 */
export function updateCost(flow: UpdateFlow, conditions: CostConditions = {}): UpdateCost {
  return exchangesCost(updateExchanges(flow), conditions);
}

/**
 * The expected cost of these frames for the device. What is lost is sent again: an uplink until its downlink
 * arrives, a fragment until it arrives itself. Processor and waiting are left out.
 *
 * @see Semtech AN1200.13 for the time on the air
 * @throws WarrenError `value-out-of-range` for a modulation that nobody knows
 */
export function exchangesCost(
  exchanges: readonly Exchange[],
  conditions: CostConditions = {},
): UpdateCost {
  const costs = exchanges.map((exchange) => exchangeCost(exchange, conditions));
  const sum = (memberOf: (cost: ExchangeCost) => number) =>
    costs.reduce((total, cost) => total + memberOf(cost), 0);
  return {
    uplinks: sum(({ uplinks }) => uplinks),
    downlinks: sum(({ downlinks }) => downlinks),
    uplinkAirtimeMs: sum(({ uplinkAirtimeMs }) => uplinkAirtimeMs),
    downlinkAirtimeMs: sum(({ downlinkAirtimeMs }) => downlinkAirtimeMs),
    energyMj: sum(({ uplinkEnergyMj, downlinkEnergyMj }) => uplinkEnergyMj + downlinkEnergyMj),
  };
}

/**
 * What the energy of these frames goes into, in mJ. Windows that stay empty count for the uplink that opened
 * them.
 *
 * @throws WarrenError `value-out-of-range` as `exchangesCost`
 */
export function energyByContentMj(
  exchanges: readonly Exchange[],
  conditions: CostConditions = {},
): Map<FrameContent, number> {
  const energies = new Map<FrameContent, number>();
  const add = (content: FrameContent, energyMj: number) =>
    energies.set(content, (energies.get(content) ?? 0) + energyMj);
  for (const exchange of exchanges) {
    const { uplinkEnergyMj, downlinkEnergyMj } = exchangeCost(exchange, conditions);
    add(exchange.uplink.content, uplinkEnergyMj);
    if (exchange.downlink !== undefined) add(exchange.downlink.content, downlinkEnergyMj);
  }
  return energies;
}

interface ExchangeCost extends Omit<UpdateCost, "energyMj"> {
  /** Sending, and windows that stay empty. */
  readonly uplinkEnergyMj: number;
  readonly downlinkEnergyMj: number;
}

function exchangeCost(
  { uplink, downlink, count }: Exchange,
  { loss = 0, currents = DEFAULT_CURRENTS }: CostConditions,
): ExchangeCost {
  const arrives = 1 - loss;
  const uplinks = count / (downlink === undefined ? arrives : arrives * arrives);
  // The network answers each uplink that arrives.
  const downlinks = downlink === undefined ? 0 : count / arrives;
  const received = downlink === undefined ? 0 : count;
  const uplinkAirtimeMs = uplinks * durationMs(uplink, "up");
  const downlinkMs = downlink === undefined ? 0 : durationMs(downlink, "down");
  const emptyMs = (uplinks - received) * EMPTY_WINDOWS * emptyWindowMs(uplink.modulation);
  const { voltageV, transmitMa, receiveMa } = currents;
  // mA × V × ms are microjoules.
  return {
    uplinks,
    downlinks,
    uplinkAirtimeMs,
    downlinkAirtimeMs: downlinks * downlinkMs,
    uplinkEnergyMj: (voltageV * (transmitMa * uplinkAirtimeMs + receiveMa * emptyMs)) / 1_000,
    downlinkEnergyMj: (voltageV * receiveMa * received * downlinkMs) / 1_000,
  };
}

function durationMs(
  { modulation, phyPayloadLengthBytes }: Exchange["uplink"],
  direction: "up" | "down",
): number {
  return frameDurationMs(modulation, phyPayloadLengthBytes, direction);
}

function emptyWindowMs(modulation: string): number {
  const [, spreadingFactor, bandwidthKhz] = /^SF(\d+)BW(\d+)$/.exec(modulation) ?? [];
  if (spreadingFactor === undefined) return FSK_WINDOW_MS;
  return (EMPTY_WINDOW_SYMBOLS * 2 ** Number(spreadingFactor)) / Number(bandwidthKhz);
}
