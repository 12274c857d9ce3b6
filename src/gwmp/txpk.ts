import { WarrenError } from "../errors.ts";
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

/**
 * When a gateway sends: at once, at a value of its own counter (see `Rxpk.tmst`), or at a time in
 * milliseconds since the GPS epoch, which needs a gateway with GPS.
 */
export type TxTiming = "immediately" | { readonly tmst: number } | { readonly tmms: number };

interface TxpkCommon {
  readonly timing: TxTiming;
  /** `freq`, in Hz. */
  readonly frequencyHz: number;
  /** Concentrator's RF chain; one that cannot transmit gets no answer at all. */
  readonly rfch: number;
  /** Power in dBm; absent: the gateway's default. */
  readonly powe?: number;
  /** Symbols (LoRa) or bytes (FSK) of preamble; absent: the gateway's default, 8 or 5. */
  readonly prea?: number;
  /** True leaves out the CRC of the radio, as LoRaWAN downlinks must. */
  readonly ncrc: boolean;
  /** `data`. */
  readonly phyPayload: Uint8Array;
}

interface LoraTxpk extends TxpkCommon {
  readonly modu: "LORA";
  /** For example "SF7BW125". */
  readonly datr: string;
  /** "4/5" in all of LoRaWAN. */
  readonly codr: string;
  /** True inverts the polarization, as LoRaWAN downlinks must, or no end-device hears them. */
  readonly ipol: boolean;
}

interface FskTxpk extends TxpkCommon {
  readonly modu: "FSK";
  /** Bits per second. */
  readonly datr: number;
  /** Frequency deviation in Hz. */
  readonly fdev: number;
}

/**
 * A frame that a gateway shall send. Required is what the reference packet forwarder requires: without
 * it, it neither sends nor answers.
 *
 * @see PROTOCOL.TXT section 6
 */
export type Txpk = LoraTxpk | FskTxpk;

/** Coding rates that the reference packet forwarder knows; two have a second, reduced name. */
const codingRates = ["4/5", "4/6", "2/3", "4/7", "4/8", "1/2"];

/** @throws WarrenError `frame-malformed` */
export function decodeTxpk(json: unknown): Txpk {
  return readTxpk(new JsonMembers(json, "txpk"));
}

/**
 * The object "txpk" for `JSON.stringify`.
 *
 * @throws WarrenError `value-out-of-range` for anything that a gateway would refuse to read
 */
export function encodeTxpk(txpk: Txpk): object {
  const { timing, frequencyHz, phyPayload, ...same } = txpk;
  const json = {
    ...(timing === "immediately" ? { imme: true } : { imme: false, ...timing }),
    freq: toMegahertz(frequencyHz),
    ...same,
    ...phyPayloadMembers(phyPayload),
  };
  readTxpk(new JsonMembers(json, "txpk", "value-out-of-range"));
  return json;
}

function readTxpk(members: JsonMembers): Txpk {
  const common = {
    timing: readTiming(members),
    frequencyHz: readFrequencyHz(members),
    rfch: members.number("rfch", chainRange),
    ...present({
      powe: members.optionalNumber("powe", integerIn(-128, 127)),
      prea: members.optionalNumber("prea", integerIn(0, 65_535)),
    }),
    ncrc: members.optionalBoolean("ncrc") ?? false,
    phyPayload: readPhyPayload(members),
  };
  const modu = members.string("modu");
  if (modu === "LORA") {
    const codr = members.string("codr");
    if (!codingRates.includes(codr)) {
      throw members.failure("codr", "is no coding rate such as 4/5");
    }
    const ipol = members.optionalBoolean("ipol") ?? false;
    return { ...common, modu, datr: readLoraDataRate(members), codr, ipol };
  }
  if (modu === "FSK") {
    const fdev = members.number("fdev", integerIn(0, 1_000_000));
    return { ...common, modu, datr: readFskDataRate(members), fdev };
  }
  throw members.failure("modu", "is neither LORA nor FSK");
}

/** `imme` comes before `tmst`, and that before `tmms`, as section 6 says. */
function readTiming(members: JsonMembers): TxTiming {
  if (members.optionalBoolean("imme") === true) {
    return "immediately";
  }
  const tmst = members.optionalNumber("tmst", tmstRange);
  if (tmst !== undefined) {
    return { tmst };
  }
  const tmms = members.optionalNumber("tmms", tmmsRange);
  if (tmms !== undefined) {
    return { tmms };
  }
  throw members.failure("tmst", "is missing, and so are imme and tmms");
}

/**
 * The value of a gateway's counter some time after another: it wraps at 2^32 microseconds, every 71.6
 * minutes.
 *
 * @throws WarrenError `value-out-of-range` unless `tmst` has 32 bits and `delayUs` is an integer from 0
 */
export function nextTmst(tmst: number, delayUs: number): number {
  if (!Number.isInteger(tmst) || tmst < 0 || tmst >= 2 ** 32) {
    throw new WarrenError("value-out-of-range", `tmst must be an integer of 32 bits, not ${tmst}`);
  }
  if (!Number.isSafeInteger(delayUs) || delayUs < 0) {
    throw new WarrenError(
      "value-out-of-range",
      `delayUs must be an integer from 0, not ${delayUs}`,
    );
  }
  return (tmst + (delayUs % 2 ** 32)) % 2 ** 32;
}
