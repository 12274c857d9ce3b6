import { rx1DataRate, rx1FrequencyHz } from "../../../lorawan/region/channels.ts";
import { dataRateByIndex } from "../../../lorawan/region/data-rates.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import type { ReceiveWindow } from "../../air/radio-frame.ts";
import type { DeviceChannel } from "./radio-settings.ts";

/** RX2 opens this long after RX1, whatever the delay of RX1 (LoRaWAN 1.1 §5.8). */
const RX2_AFTER_RX1_MS = 1_000;

/** One uplink, as far as its windows depend on it. */
export interface WindowPlan {
  readonly region: Region;
  readonly channel: Pick<DeviceChannel, "frequencyHz" | "downlinkFrequencyHz">;
  readonly dataRate: number;
  /** End of the uplink, in simulated milliseconds. */
  readonly endsAt: number;
  readonly rx1DelayMs: number;
  readonly rx1DrOffset: number;
  readonly rx2: { readonly frequencyHz: number; readonly dataRate: number };
}

/**
 * The two windows of class A after an uplink.
 *
 * @throws WarrenError `value-out-of-range` for a data rate or offset the region lacks
 * @see LoRaWAN 1.1 §3.3
 */
export function receiveWindows(plan: WindowPlan): readonly ReceiveWindow[] {
  const { region, channel } = plan;
  const rx1OpensAt = plan.endsAt + plan.rx1DelayMs;
  return [
    {
      name: "rx1",
      opensAt: rx1OpensAt,
      frequencyHz: channel.downlinkFrequencyHz ?? rx1FrequencyHz(region, channel.frequencyHz),
      modulation: dataRateByIndex(region, rx1DataRate(region, plan.dataRate, plan.rx1DrOffset))
        .name,
    },
    {
      name: "rx2",
      opensAt: rx1OpensAt + RX2_AFTER_RX1_MS,
      frequencyHz: plan.rx2.frequencyHz,
      modulation: dataRateByIndex(region, plan.rx2.dataRate).name,
    },
  ];
}
