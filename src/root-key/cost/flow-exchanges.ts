import { dataRateByIndex } from "../../lorawan/region/data-rates.ts";
import type { DataRate, Region } from "../../lorawan/region/region.ts";
import { FRAGMENT_BYTES, FRAGMENT_COUNT } from "../fragments.ts";
import type { Exchange, FrameContent, SentFrame } from "./exchange.ts";

/** The way between a device and its network, as far as frames depend on it. */
export interface Link {
  readonly region: Region;
  /** Index of the data rate of the device's uplinks. */
  readonly dataRate: number;
  /** 1.1 confirms its session keys with RekeyInd and RekeyConf after a join. */
  readonly isLorawan11: boolean;
}

export interface CarriedLink extends Link {
  readonly carrier: "mac-commands" | "application-port";
}

/** A message of an update, in the order of the flow. */
export interface FlowMessage {
  readonly content: FrameContent;
  readonly direction: "up" | "down";
  /** Without the frame around it. */
  readonly lengthBytes: number;
}

/** RekeyInd and RekeyConf (LoRaWAN 1.1 §5.12), in FOpts. */
const REKEY_BYTES = 2;
const JOIN_REQUEST_BYTES = 23;
/** By type (LoRaWAN 1.1 §6.2.4.1 and §6.2.4.2). */
const REJOIN_REQUEST_BYTES = { 0: 19, 1: 24, 2: 19 } as const;
/** With CFList. */
const JOIN_ACCEPT_BYTES = 33;
/** MHDR 1, DevAddr 4, FCtrl 1, FCnt 2, MIC 4. */
const FRAME_WITHOUT_PORT_BYTES = 12;
const FRAME_WITH_PORT_BYTES = 13;
/** Most octets that FOpts takes. */
const F_OPTS_MAX_BYTES = 15;

/**
 * The frames that carry these messages when all goes as it should, without a join. A class A device gets a
 * downlink only after an uplink: after the message before it, or else after an empty one that is counted. A
 * message that the data rate does not take goes in the fragments of a healing one.
 *
 * @throws WarrenError `value-out-of-range` for a data rate that the region has not for uplinks
 */
export function flowExchanges(link: CarriedLink, messages: readonly FlowMessage[]): Exchange[] {
  const up = uplinkDataRate(link.region, link.dataRate);
  const down = rx1DataRate(link.region, up);
  const exchanges: Exchange[] = [];
  for (const message of messages) {
    const dataRate = message.direction === "up" ? up : down;
    const { frame: carried, count } = carriedMessage(link.carrier, dataRate, message);
    if (message.direction === "up") {
      if (count > 1) exchanges.push({ uplink: carried, downlink: undefined, count: count - 1 });
      exchanges.push({ uplink: carried, downlink: undefined, count: 1 });
      continue;
    }
    const before = exchanges.at(-1);
    const isOpen = before !== undefined && before.downlink === undefined;
    if (isOpen) exchanges[exchanges.length - 1] = { ...before, downlink: carried };
    const rest = isOpen ? count - 1 : count;
    const opening = frame("opening", up, FRAME_WITH_PORT_BYTES);
    if (rest > 0) exchanges.push({ uplink: opening, downlink: carried, count: rest });
  }
  return exchanges;
}

/**
 * A join, as it ends an update or alone.
 *
 * @throws WarrenError `value-out-of-range` as `flowExchanges`
 */
export function joinExchanges(link: Link): Exchange[] {
  const up = joinDataRate(link.region, uplinkDataRate(link.region, link.dataRate));
  const join = {
    uplink: frame("join", up, JOIN_REQUEST_BYTES),
    downlink: frame("join", rx1DataRate(link.region, up), JOIN_ACCEPT_BYTES),
    count: 1,
  };
  return link.isLorawan11 ? [join, rekeyExchange(link)] : [join];
}

/**
 * A rejoin of LoRaWAN 1.1 at the data rate of the uplinks, for comparison: no update has one.
 *
 * @throws WarrenError `value-out-of-range` as `flowExchanges`
 */
export function rejoinExchanges(link: Link, rejoinType: 0 | 1 | 2): Exchange[] {
  const up = uplinkDataRate(link.region, link.dataRate);
  const rejoin = {
    uplink: frame("rejoin", up, REJOIN_REQUEST_BYTES[rejoinType]),
    downlink: frame("rejoin", rx1DataRate(link.region, up), JOIN_ACCEPT_BYTES),
    count: 1,
  };
  return [rejoin, rekeyExchange(link)];
}

function rekeyExchange({ region, dataRate }: Link): Exchange {
  const up = uplinkDataRate(region, dataRate);
  const lengthBytes = FRAME_WITHOUT_PORT_BYTES + REKEY_BYTES;
  return {
    uplink: frame("rekey", up, lengthBytes),
    downlink: frame("rekey", rx1DataRate(region, up), lengthBytes),
    count: 1,
  };
}

/** MAC commands go in FOpts where they fit, else on FPort 0; an application port has FPort always. */
function carriedMessage(
  carrier: CarriedLink["carrier"],
  dataRate: DataRate,
  { content, lengthBytes }: FlowMessage,
): { frame: SentFrame; count: number } {
  const isWhole = lengthBytes <= dataRate.maxPayloadLengthBytes;
  const pieceBytes = isWhole ? lengthBytes : FRAGMENT_BYTES;
  const isInFOpts = carrier === "mac-commands" && pieceBytes <= F_OPTS_MAX_BYTES;
  const around = isInFOpts ? FRAME_WITHOUT_PORT_BYTES : FRAME_WITH_PORT_BYTES;
  return {
    frame: frame(content, dataRate, around + pieceBytes),
    count: isWhole ? 1 : FRAGMENT_COUNT,
  };
}

function frame(
  content: FrameContent,
  { name: modulation }: DataRate,
  phyPayloadLengthBytes: number,
): SentFrame {
  return { content, modulation, phyPayloadLengthBytes };
}

/** @throws WarrenError `value-out-of-range` */
function uplinkDataRate(region: Region, index: number): DataRate {
  // Only data rates of uplinks have a row here.
  return dataRateByIndex(region, region.rx1DataRates[index] === undefined ? -1 : index);
}

function rx1DataRate(region: Region, up: DataRate): DataRate {
  const [index] = region.rx1DataRates[up.index] as readonly number[];
  return dataRateByIndex(region, index as number);
}

/** That of the uplinks where Join-requests may have it, else the next slower one. */
function joinDataRate(region: Region, up: DataRate): DataRate {
  const possible = region.joinChannels.flatMap(({ minDr, maxDr }) =>
    minDr <= up.index ? [Math.min(maxDr, up.index)] : [],
  );
  return dataRateByIndex(region, Math.max(...possible));
}
