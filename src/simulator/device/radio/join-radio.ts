import { WarrenError } from "../../../errors.ts";
import type { JoinAccept } from "../../../lorawan/join/join-accept.ts";
import { decodeCfList, extraChannelsOf } from "../../../lorawan/region/cf-list.ts";
import { dataRateByIndex } from "../../../lorawan/region/data-rates.ts";
import type { CfList, Region } from "../../../lorawan/region/region.ts";
import { type DeviceChannel, defaultRadioSettings, type RadioSettings } from "./radio-settings.ts";

/**
 * The settings after a Join-accept: defaults, or those kept from before (Rejoin-request type 2), with
 * the channels of the CFList and the receive windows of the accept.
 *
 * @param kept the settings of the session before, only after a Rejoin-request type 2
 * @throws WarrenError `value-out-of-range` when the accept asks for what the region lacks
 * @see LoRaWAN 1.1 §6.2.3
 */
export function radioSettingsOf(
  region: Region,
  joinAccept: JoinAccept,
  kept?: RadioSettings,
): RadioSettings {
  const base = kept ?? defaultRadioSettings(region);
  const { rx1DrOffset, rx2DataRate } = joinAccept.dlSettings;
  requireReceivable(region, base.dataRate, { rx1DrOffset, rx2DataRate });
  return {
    ...base,
    channels: channelsOf(region, base.channels, joinAccept.cfList),
    rx1DelayMs: Math.max(1, joinAccept.rxDelay) * 1_000,
    rx1DrOffset,
    rx2: { frequencyHz: base.rx2.frequencyHz, dataRate: rx2DataRate },
  };
}

function requireReceivable(
  region: Region,
  dataRate: number,
  asked: { readonly rx1DrOffset: number; readonly rx2DataRate: number },
): void {
  dataRateByIndex(region, asked.rx2DataRate);
  if (region.rx1DataRates[dataRate]?.[asked.rx1DrOffset] === undefined) {
    throw new WarrenError("value-out-of-range", `${region.name} has no such RX1DROffset`);
  }
}

function channelsOf(
  region: Region,
  present: readonly DeviceChannel[],
  cfListBytes: Uint8Array | undefined,
): readonly DeviceChannel[] {
  const cfList = cfListBytes === undefined ? undefined : readCfList(cfListBytes);
  if (cfList === undefined) return present;
  if (cfList.type === "channel-mask") {
    const enabled = new Set(cfList.channels);
    return region.channels.map((channel) => ({
      ...channel,
      isEnabled: enabled.has(channel.index),
    }));
  }
  const all = [...region.channels, ...extraChannelsOf(region, cfList)];
  return all.map((channel) => ({ ...channel, isEnabled: true }));
}

/** A list of a type that is unknown to the device is as good as none. */
function readCfList(bytes: Uint8Array): CfList | undefined {
  try {
    return decodeCfList(bytes);
  } catch (error) {
    if (error instanceof WarrenError) return undefined;
    throw error;
  }
}
