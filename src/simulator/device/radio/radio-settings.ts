import { WarrenError } from "../../../errors.ts";
import type { Channel, Region } from "../../../lorawan/region/region.ts";

/** An uplink channel as one device knows it. */
export interface DeviceChannel extends Channel {
  /** Whether LinkADRReq or a CFList left it switched on. */
  readonly isEnabled: boolean;
  /** Where RX1 is after an uplink on this channel, if DlChannelReq moved it. */
  readonly downlinkFrequencyHz?: number;
}

/** Everything the network can set by MAC commands and Join-accepts. */
export interface RadioSettings {
  readonly channels: readonly DeviceChannel[];
  /** Index of the uplink data rate. */
  readonly dataRate: number;
  /** Index of the power; 0 is the most. */
  readonly txPower: number;
  /** Transmissions of each uplink, 1..15. */
  readonly nbTrans: number;
  readonly rx1DelayMs: number;
  readonly rx1DrOffset: number;
  readonly rx2: { readonly frequencyHz: number; readonly dataRate: number };
  /** The device may be on the air for 2^-maxDCycle of the time; 0 is no limit. */
  readonly maxDCycle: number;
  /** ADR_ACK_LIMIT and ADR_ACK_DELAY in uplinks. */
  readonly adrAckLimit: number;
  readonly adrAckDelay: number;
  /** From RejoinParamSetupReq; null as long as the network asked for no periodic rejoins. */
  readonly rejoinLimits: RejoinLimits | null;
}

/** When a Rejoin-request type 0 is due, whichever comes first. */
export interface RejoinLimits {
  readonly uplinks: number;
  readonly periodMs: number;
}

/** The end-device and the network both start from here (LoRaWAN 1.1 §4.3.1.1, [PHY]). */
const ADR_ACK_LIMIT = 64;
const ADR_ACK_DELAY = 32;

/** The settings before the network changed any. */
export function defaultRadioSettings(region: Region): RadioSettings {
  return {
    channels: region.channels.map((channel) => ({ ...channel, isEnabled: true })),
    dataRate: highestCommonDataRate(region),
    txPower: 0,
    nbTrans: 1,
    rx1DelayMs: region.receiveDelay1Ms,
    rx1DrOffset: 0,
    rx2: region.rx2,
    maxDCycle: 0,
    adrAckLimit: ADR_ACK_LIMIT,
    adrAckDelay: ADR_ACK_DELAY,
    rejoinLimits: null,
  };
}

/** Whether some enabled channel allows the data rate. */
export function isUsable(channels: readonly DeviceChannel[], dataRate: number): boolean {
  return channels.some((channel) => allows(channel, dataRate));
}

/**
 * A random channel for an uplink.
 *
 * @param draw 0 to 1
 * @throws WarrenError `value-out-of-range` when no enabled channel allows the data rate
 */
export function pickChannel<C extends Channel>(
  channels: readonly C[],
  dataRate: number,
  draw: number,
): C {
  const usable = channels.filter((channel) => allows(channel, dataRate));
  const picked = usable[Math.floor(draw * usable.length)];
  if (picked === undefined) {
    throw new WarrenError("value-out-of-range", `no channel allows data rate ${dataRate}`);
  }
  return picked;
}

/** The highest data rate that a default channel allows. */
function highestCommonDataRate(region: Region): number {
  const [first] = region.channels;
  return first === undefined ? 0 : first.maxDr;
}

function allows(channel: Channel | DeviceChannel, dataRate: number): boolean {
  const isEnabled = !("isEnabled" in channel) || channel.isEnabled;
  return isEnabled && channel.minDr <= dataRate && dataRate <= channel.maxDr;
}
