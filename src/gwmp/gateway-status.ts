import { integerIn, JsonMembers, present } from "./json-members.ts";

/**
 * What a gateway reports about itself from time to time, under the names of the protocol. Counts are
 * since the last report. Everything may be missing.
 *
 * @see PROTOCOL.TXT section 4, "stat"
 */
export interface GatewayStatus {
  /** UTC, ISO 8601 "expanded": "2014-01-12 08:59:28 GMT". Not checked. */
  readonly time?: string;
  /** Latitude in degrees, north positive. */
  readonly lati?: number;
  /** Longitude in degrees, east positive. */
  readonly long?: number;
  /** Altitude in metres. */
  readonly alti?: number;
  /** Frames received. */
  readonly rxnb?: number;
  /** Frames received with a right CRC. */
  readonly rxok?: number;
  /** Frames forwarded. */
  readonly rxfw?: number;
  /** Upstream datagrams acknowledged, in percent. */
  readonly ackr?: number;
  /** Downlink datagrams received. */
  readonly dwnb?: number;
  /** Frames sent. */
  readonly txnb?: number;
  /** Temperature in degrees Celsius. */
  readonly temp?: number;
}

const countRange = integerIn(0, Number.MAX_SAFE_INTEGER);

/** @throws WarrenError `frame-malformed` */
export function decodeGatewayStatus(json: unknown): GatewayStatus {
  const members = new JsonMembers(json, "stat");
  return present({
    time: members.optionalString("time"),
    lati: members.optionalNumber("lati", { min: -90, max: 90, isInteger: false }),
    long: members.optionalNumber("long", { min: -180, max: 180, isInteger: false }),
    alti: members.optionalNumber("alti"),
    rxnb: members.optionalNumber("rxnb", countRange),
    rxok: members.optionalNumber("rxok", countRange),
    rxfw: members.optionalNumber("rxfw", countRange),
    ackr: members.optionalNumber("ackr"),
    dwnb: members.optionalNumber("dwnb", countRange),
    txnb: members.optionalNumber("txnb", countRange),
    temp: members.optionalNumber("temp"),
  });
}
