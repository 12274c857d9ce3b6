/** A LoRa transmission, by what its duration depends on. */
export interface LoraTransmission {
  /** 7..12. */
  readonly spreadingFactor: number;
  readonly bandwidthHz: number;
  /** MHDR to MIC. */
  readonly phyPayloadLengthBytes: number;
  /** Whether the radio adds its own 16-bit CRC: uplinks do, downlinks do not. Default true. */
  readonly hasCrc?: boolean;
  /** 1..4 for 4/5 to 4/8. Default 1, which all of LoRaWAN uses. */
  readonly codingRate?: number;
  /** Default 8. */
  readonly preambleSymbols?: number;
  /** Default true; only beacons have none. */
  readonly hasExplicitHeader?: boolean;
}

/** At this duration of a symbol and above, radios turn on the low data rate optimization. */
const lowDataRateSymbolMs = 16;

/**
 * How long a LoRa transmission lasts, in milliseconds. Nothing is checked or rounded.
 *
 * With Ts = 2^SF / BW and DE = 1 under low data rate optimization, else 0:
 * n = 8 + max(ceil((8 PL - 4 SF + 28 + 16 CRC - 20 IH) / (4 (SF - 2 DE))) (CR + 4), 0) and
 * T = (preamble + 4.25 + n) Ts.
 *
 * @see Semtech AN1200.13
 */
export function timeOnAirMs(transmission: LoraTransmission): number {
  const { spreadingFactor, bandwidthHz, phyPayloadLengthBytes } = transmission;
  const {
    hasCrc = true,
    codingRate = 1,
    preambleSymbols = 8,
    hasExplicitHeader = true,
  } = transmission;
  const symbolMs = (1000 * 2 ** spreadingFactor) / bandwidthHz;
  const optimized = symbolMs >= lowDataRateSymbolMs ? 2 : 0;
  const bits =
    8 * phyPayloadLengthBytes -
    4 * spreadingFactor +
    28 +
    (hasCrc ? 16 : 0) -
    (hasExplicitHeader ? 0 : 20);
  const blocks = Math.ceil(bits / (4 * (spreadingFactor - optimized)));
  const payloadSymbols = 8 + Math.max(blocks * (codingRate + 4), 0);
  return (preambleSymbols + 4.25 + payloadSymbols) * symbolMs;
}
