import { integerIn, JsonMembers, present } from "./json-members.ts";
import {
  chainRange,
  phyPayloadMembers,
  readFrequencyHz,
  readFskDataRate,
  readLoraDataRate,
  readPhyPayload,
  tmmsRange,
  tmstRange,
  toMegahertz,
} from "./radio-members.ts";

interface RxpkCommon {
  /** When the reception ended: the gateway's counter of microseconds, 32 bits. */
  readonly tmst: number;
  /** When it ended in UTC, ISO 8601, from gateways that know. Not checked. */
  readonly time?: string;
  /** When it ended in milliseconds since the GPS epoch, from gateways that know. */
  readonly tmms?: number;
  /** `freq`, in Hz. */
  readonly frequencyHz: number;
  /** Concentrator's IF channel; no LoRaWAN channel index. */
  readonly chan?: number;
  /** Concentrator's RF chain; does not say which one can transmit. */
  readonly rfch?: number;
  /** `stat`: 1 the CRC is right, -1 it is wrong, 0 there is none or the gateway did not say. */
  readonly crcStatus: 1 | 0 | -1;
  /** dBm. */
  readonly rssi: number;
  /** `data`. */
  readonly phyPayload: Uint8Array;
}

interface LoraRxpk extends RxpkCommon {
  readonly modu: "LORA";
  /** For example "SF7BW125". */
  readonly datr: string;
  /** For example "4/5". Not checked. */
  readonly codr?: string;
  /** Signal-to-noise ratio in dB. */
  readonly lsnr?: number;
}

interface FskRxpk extends RxpkCommon {
  readonly modu: "FSK";
  /** Bits per second. */
  readonly datr: number;
}

/**
 * A frame that a gateway received. Names are those of the protocol but for three, whose value is
 * changed or whose name is used twice.
 *
 * @see PROTOCOL.TXT section 4
 */
export type Rxpk = LoraRxpk | FskRxpk;

/**
 * Reads one element of "rxpk". Gateways with several antennas put signal strengths into "rsig" only:
 * the antenna with the best one counts.
 *
 * @param path for error messages, "rxpk[0]"
 * @throws WarrenError `frame-malformed`
 */
export function decodeRxpk(json: unknown, path: string): Rxpk {
  return readRxpk(new JsonMembers(json, path), path);
}

/**
 * The element of "rxpk" for `JSON.stringify`.
 *
 * @throws WarrenError `value-out-of-range` for anything that `decodeRxpk` would refuse
 */
export function encodeRxpk(rxpk: Rxpk): object {
  const { frequencyHz, crcStatus, phyPayload, ...same } = rxpk;
  const json = {
    ...same,
    freq: toMegahertz(frequencyHz),
    stat: crcStatus,
    ...phyPayloadMembers(phyPayload),
  };
  readRxpk(new JsonMembers(json, "rxpk", "value-out-of-range"), "rxpk");
  return json;
}

function readRxpk(members: JsonMembers, path: string): Rxpk {
  const signal = readSignal(members, path);
  const common = present({
    tmst: members.number("tmst", tmstRange),
    time: members.optionalString("time"),
    tmms: members.optionalNumber("tmms", tmmsRange),
    frequencyHz: readFrequencyHz(members),
    chan: members.optionalNumber("chan", chainRange),
    rfch: members.optionalNumber("rfch", chainRange),
    crcStatus: (members.optionalNumber("stat", integerIn(-1, 1)) ?? 0) as 1 | 0 | -1,
    rssi: signal.rssi,
    phyPayload: readPhyPayload(members),
  });
  const modu = members.string("modu");
  if (modu === "LORA") {
    const lora = present({ codr: members.optionalString("codr"), lsnr: signal.lsnr });
    return { ...common, modu, datr: readLoraDataRate(members), ...lora };
  }
  if (modu === "FSK") {
    return { ...common, modu, datr: readFskDataRate(members) };
  }
  throw members.failure("modu", "is neither LORA nor FSK");
}

function readSignal(members: JsonMembers, path: string): { rssi: number; lsnr?: number } {
  const antennas = members.optional("rsig");
  if (members.optional("rssi") !== undefined || !Array.isArray(antennas)) {
    return present({ rssi: members.number("rssi"), lsnr: members.optionalNumber("lsnr") });
  }
  const signals = antennas.map((antenna, index) => {
    const own = new JsonMembers(antenna, `${path}.rsig[${index}]`);
    return present({ rssi: own.number("rssic"), lsnr: own.optionalNumber("lsnr") });
  });
  const [best] = signals.sort((left, right) => right.rssi - left.rssi);
  if (best === undefined) {
    throw members.failure("rsig", "is empty");
  }
  return best;
}
