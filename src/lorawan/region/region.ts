/** A LoRa modulation of one region. */
export interface LoraDataRate {
  readonly modulation: "LORA";
  /** As the packet forwarders write it, for example "SF12BW125". */
  readonly name: string;
  /** 7..12. */
  readonly spreadingFactor: number;
  readonly bandwidthHz: number;
}

/** A frequency shift keying of one region. */
export interface FskDataRate {
  readonly modulation: "FSK";
  /** For example "FSK50000". */
  readonly name: string;
  readonly bitRate: number;
}

/** One row of a region's data rate table. LR-FHSS data rates are left out: no gateway here hears them. */
export type DataRate = (LoraDataRate | FskDataRate) & {
  /** The number that LinkADRReq, DLSettings and NewChannelReq carry, 0..15. */
  readonly index: number;
  readonly isUplink: boolean;
  readonly isDownlink: boolean;
  /** Largest FRMPayload N without FOpts, where no repeater is involved. */
  readonly maxPayloadLengthBytes: number;
};

/** An uplink channel. `index` is its ChIndex, and TxCh in the MIC of LoRaWAN 1.1 §4.4.2. */
export interface Channel {
  readonly index: number;
  readonly frequencyHz: number;
  /** Lowest data rate index in use on this channel. */
  readonly minDr: number;
  readonly maxDr: number;
}

/** What the CFList of a Join-accept tells a device; `cf-list.ts` has its bytes. */
export type CfList =
  | { readonly type: "frequencies"; readonly frequenciesHz: readonly number[] }
  | { readonly type: "channel-mask"; readonly channels: readonly number[] };

/** A downlink power, in dBm, for frequencies in `fromHz` (included) to `toHz` (excluded). */
export interface DownlinkPower {
  readonly fromHz: number;
  readonly toHz: number;
  readonly powerDbm: number;
}

/**
 * The regional parameters that a network needs, as data; the functions beside this file read them. A
 * further region is a further object.
 */
export interface Region {
  readonly name: string;
  /** By rising index; indices may be missing. */
  readonly dataRates: readonly DataRate[];
  /** Channels that every device knows before it joins. */
  readonly channels: readonly Channel[];
  /** The same channels with the data rates of a Join-request. */
  readonly joinChannels: readonly Channel[];
  /** RX1 frequency of uplink channel n is entry n modulo the length; absent: the uplink's own. */
  readonly rx1FrequenciesHz?: readonly number[];
  /** RX1 data rate index by uplink data rate index and RX1DROffset. */
  readonly rx1DataRates: readonly (readonly number[])[];
  readonly rx2: { readonly frequencyHz: number; readonly dataRate: number };
  /** Default of the time from the end of an uplink to RX1; RX2 opens one second later. */
  readonly receiveDelay1Ms: number;
  readonly receiveDelay2Ms: number;
  readonly joinAcceptDelay1Ms: number;
  readonly joinAcceptDelay2Ms: number;
  /** Number of TXPower indices, each 2 dB below the one before. */
  readonly txPowerCount: number;
  /** Power of a gateway by frequency; the first match counts and one always matches. */
  readonly downlinkPowers: readonly DownlinkPower[];
  /** The CFList that a Join-accept carries unless a network decides otherwise. */
  readonly defaultCfList: CfList;
  /** How many channels a device can know: ChIndex is below. */
  readonly maxChannels: number;
}

/** An entry of a table of LoRa data rates. */
export function lora(
  index: number,
  name: string,
  maxPayloadLengthBytes: number,
  use: "both" | "uplink" | "downlink",
): DataRate {
  const [, spreadingFactor, bandwidthKhz] = /^SF(\d+)BW(\d+)$/.exec(name) as RegExpExecArray;
  return {
    modulation: "LORA",
    name,
    spreadingFactor: Number(spreadingFactor),
    bandwidthHz: Number(bandwidthKhz) * 1000,
    index,
    isUplink: use !== "downlink",
    isDownlink: use !== "uplink",
    maxPayloadLengthBytes,
  };
}

/** `count` channels with the same data rates, one `stepHz` above the other. */
export function channelGrid(first: Channel, count: number, stepHz: number): readonly Channel[] {
  return Array.from({ length: count }, (_, offset) => ({
    ...first,
    index: first.index + offset,
    frequencyHz: first.frequencyHz + offset * stepHz,
  }));
}
