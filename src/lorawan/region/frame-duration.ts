import { WarrenError } from "../../errors.ts";
import { timeOnAirMs } from "./time-on-air.ts";

/** Preamble 5, sync word 3, length 1 and CRC 2 bytes around an FSK frame (GFSK of EU863-870). */
const FSK_OVERHEAD_BYTES = 11;

/**
 * How long a frame is on the air, in ms.
 *
 * @param modulation as the packet forwarders and the data rates of regions name it: `SF7BW125`, `FSK50000`
 * @throws WarrenError `value-out-of-range` for any other
 */
export function frameDurationMs(
  modulation: string,
  phyPayloadLengthBytes: number,
  direction: "up" | "down",
): number {
  const lora = /^SF(\d+)BW(\d+)$/.exec(modulation);
  if (lora !== null) {
    return timeOnAirMs({
      spreadingFactor: Number(lora[1]),
      bandwidthHz: Number(lora[2]) * 1_000,
      phyPayloadLengthBytes,
      hasCrc: direction === "up",
    });
  }
  const fsk = /^FSK(\d+)$/.exec(modulation);
  if (fsk === null) throw new WarrenError("value-out-of-range", "unknown modulation");
  return ((phyPayloadLengthBytes + FSK_OVERHEAD_BYTES) * 8 * 1_000) / Number(fsk[1]);
}
