import { dataRateByIndex } from "../../lorawan/region/data-rates.ts";
import type { DataRate, Region } from "../../lorawan/region/region.ts";
import { FRAGMENT_BYTES, FRAGMENT_COUNT, HEALING_MESSAGE_BYTES } from "../fragments.ts";

/** How an update goes, as far as its frames depend on it. */
export interface UpdateFlow {
  readonly region: Region;
  /** Index of the data rate of the device's uplinks. */
  readonly dataRate: number;
  /** 1.1 confirms its session keys with RekeyInd and RekeyConf after the join. */
  readonly isLorawan11: boolean;
  readonly isHealing: boolean;
  readonly carrier: "mac-commands" | "application-port";
}

/** An uplink, and the downlink that the device expects in RX1 if any; so many times. */
export interface Exchange {
  readonly uplink: SentFrame;
  readonly downlink: SentFrame | undefined;
  readonly count: number;
}

export interface SentFrame {
  /** As `DataRate.name`. */
  readonly modulation: string;
  /** MHDR to MIC. */
  readonly phyPayloadLengthBytes: number;
}

/** The plain RootKeyUpdateReq and NewKeyReadyReq. */
const PLAIN_MESSAGE_BYTES = 11;
const NEW_KEY_READY_ANS_BYTES = 7;
/** RekeyInd and RekeyConf (LoRaWAN 1.1 §5.12), in FOpts. */
const REKEY_BYTES = 2;
const JOIN_REQUEST_BYTES = 23;
/** With CFList. */
const JOIN_ACCEPT_BYTES = 33;
/** MHDR 1, DevAddr 4, FCtrl 1, FCnt 2, MIC 4. */
const FRAME_WITHOUT_PORT_BYTES = 12;
const FRAME_WITH_PORT_BYTES = 13;
/** Most octets that FOpts takes. */
const F_OPTS_MAX_BYTES = 15;

/**
 * The frames of one update that goes as it should, the join at its end included. A class A device gets a
 * downlink only after an uplink, so an empty one that opens the way for the request is counted.
 *
 * @throws WarrenError `value-out-of-range` for a data rate that the region has not for uplinks
 */
export function updateExchanges(flow: UpdateFlow): Exchange[] {
  const { region, carrier, isHealing, isLorawan11 } = flow;
  const up = uplinkDataRate(region, flow.dataRate);
  const down = rx1DataRate(region, up);
  const messageBytes = isHealing ? HEALING_MESSAGE_BYTES : PLAIN_MESSAGE_BYTES;
  const carried = (dataRate: DataRate, length: number) => carriedFrame(carrier, dataRate, length);
  const request = splitMessage(messageBytes, down);
  const proof = splitMessage(messageBytes, up);
  const answer = carried(down, NEW_KEY_READY_ANS_BYTES);
  return [
    {
      uplink: frame(up, FRAME_WITH_PORT_BYTES),
      downlink: carried(down, request.lengthBytes),
      count: request.count,
    },
    ...(proof.count > 1
      ? [
          {
            uplink: carried(up, proof.lengthBytes),
            downlink: undefined,
            count: proof.count - 1,
          },
        ]
      : []),
    { uplink: carried(up, proof.lengthBytes), downlink: answer, count: 1 },
    ...joinExchanges(region, up, isLorawan11),
  ];
}

/** A join as it ends an update. */
function joinExchanges(region: Region, up: DataRate, isLorawan11: boolean): Exchange[] {
  const joinUp = joinDataRate(region, up);
  const join = {
    uplink: frame(joinUp, JOIN_REQUEST_BYTES),
    downlink: frame(rx1DataRate(region, joinUp), JOIN_ACCEPT_BYTES),
    count: 1,
  };
  if (!isLorawan11) return [join];
  const rekey = {
    uplink: frame(up, FRAME_WITHOUT_PORT_BYTES + REKEY_BYTES),
    downlink: frame(rx1DataRate(region, up), FRAME_WITHOUT_PORT_BYTES + REKEY_BYTES),
    count: 1,
  };
  return [join, rekey];
}

/** In one piece where the data rate takes it, else in fragments. */
function splitMessage(
  lengthBytes: number,
  { maxPayloadLengthBytes }: DataRate,
): { lengthBytes: number; count: number } {
  return lengthBytes <= maxPayloadLengthBytes
    ? { lengthBytes, count: 1 }
    : { lengthBytes: FRAGMENT_BYTES, count: FRAGMENT_COUNT };
}

/** MAC commands go in FOpts where they fit, else on FPort 0; an application port has FPort always. */
function carriedFrame(
  carrier: UpdateFlow["carrier"],
  dataRate: DataRate,
  lengthBytes: number,
): SentFrame {
  const isInFOpts = carrier === "mac-commands" && lengthBytes <= F_OPTS_MAX_BYTES;
  return frame(
    dataRate,
    (isInFOpts ? FRAME_WITHOUT_PORT_BYTES : FRAME_WITH_PORT_BYTES) + lengthBytes,
  );
}

function frame({ name: modulation }: DataRate, phyPayloadLengthBytes: number): SentFrame {
  return { modulation, phyPayloadLengthBytes };
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
