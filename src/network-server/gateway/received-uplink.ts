import type { Eui64 } from "../../lorawan/identifiers.ts";

/** How one gateway heard a frame. */
export interface Reception {
  readonly gatewayEui: Eui64;
  /** The gateway's own clock at the end of the frame, in microseconds modulo 2^32. */
  readonly tmst: number;
  readonly frequencyHz: number;
  /** Index in the region. */
  readonly dataRate: number;
  /** dBm. */
  readonly rssi: number;
  /** dB; absent for FSK. */
  readonly snr: number | undefined;
}

/** A frame with everything that was heard of it within the deduplication window. */
export interface ReceivedUplink {
  readonly phyPayload: Uint8Array;
  /** Epoch ms of the arrival of the first copy here. */
  readonly receivedAt: number;
  readonly best: Reception;
  /** One for each gateway, best first; `best` is the first. */
  readonly receptions: readonly Reception[];
}

/** Puts the strongest reception first: by SNR, then by RSSI; a gateway that heard twice counts once. */
export function rankReceptions(receptions: readonly Reception[]): readonly Reception[] {
  if (receptions.length === 1) return receptions;
  const ranked = [...receptions].sort(
    (a, b) =>
      (b.snr ?? Number.NEGATIVE_INFINITY) - (a.snr ?? Number.NEGATIVE_INFINITY) || b.rssi - a.rssi,
  );
  return ranked.filter(
    (reception, index) =>
      ranked.findIndex(({ gatewayEui }) => gatewayEui === reception.gatewayEui) === index,
  );
}
