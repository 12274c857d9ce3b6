import { WarrenError } from "../errors.ts";
import { ByteReader } from "../lorawan/byte-reader.ts";
import { ByteWriter } from "../lorawan/byte-writer.ts";
import { formatHex, parseHex } from "../lorawan/hex.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import { decodeGatewayStatus, type GatewayStatus } from "./gateway-status.ts";
import { JsonMembers } from "./json-members.ts";
import { orProblem, type PushDataProblem } from "./push-data-problem.ts";
import { decodeRxpk, encodeRxpk, type Rxpk } from "./rxpk.ts";
import { decodeTxResult, encodeTxResult, type TxResult } from "./tx-ack.ts";
import { decodeTxpk, encodeTxpk, type Txpk } from "./txpk.ts";

/** Largest payload of a UDP datagram over IPv4. */
const maxDatagramLengthBytes = 65_507;

/** Byte 3 of a datagram. */
const identifiers = {
  PUSH_DATA: 0,
  PUSH_ACK: 1,
  PULL_DATA: 2,
  PULL_RESP: 3,
  PULL_ACK: 4,
  TX_ACK: 5,
} as const;
type DatagramType = keyof typeof identifiers;
const typeByIdentifier = new Map(
  Object.entries(identifiers).map(([type, identifier]) => [identifier, type as DatagramType]),
);

const utf8 = new TextDecoder("utf-8", { fatal: true });

interface Header {
  /** 1 for old gateways, which know no TX_ACK and give PULL_RESP no token; else 2. */
  readonly version: 1 | 2;
  /** Any 16 bits, most significant byte first; an acknowledgement repeats that of its request. */
  readonly token: number;
}

/** Gateway to server: frames received, and sometimes the state of the gateway. */
export interface PushData extends Header {
  readonly type: "PUSH_DATA";
  readonly gatewayEui: Eui64;
  readonly rxpk: readonly Rxpk[];
  readonly stat?: GatewayStatus;
}

/** Server to gateway, at once: the PUSH_DATA came in. */
export interface PushAck extends Header {
  readonly type: "PUSH_ACK";
}

/** Gateway to server, every few seconds: keeps the way for PULL_RESP open. */
export interface PullData extends Header {
  readonly type: "PULL_DATA";
  readonly gatewayEui: Eui64;
}

/** Server to gateway: the PULL_DATA came in. */
export interface PullAck extends Header {
  readonly type: "PULL_ACK";
}

/** Server to gateway, to the address of its last PULL_DATA: a frame to send. */
export interface PullResp extends Header {
  readonly type: "PULL_RESP";
  readonly txpk: Txpk;
}

/** Gateway to server: what became of a PULL_RESP. */
export interface TxAck extends Header {
  readonly type: "TX_ACK";
  readonly gatewayEui: Eui64;
  readonly result: TxResult;
}

export type GwmpDatagram = PushData | PushAck | PullData | PullAck | PullResp | TxAck;

/** A datagram as received: a PUSH_DATA also says which of its parts were left out. */
export type ReceivedGwmpDatagram =
  | (PushData & { readonly problems: readonly PushDataProblem[] })
  | Exclude<GwmpDatagram, PushData>;

/**
 * Decodes a datagram of the Semtech UDP packet forwarder protocol.
 *
 * | version | token | identifier | gateway EUI | JSON |
 * |    1    |   2   |     1      |   0 or 8    |  n   |  bytes, most significant first
 *
 * PUSH_DATA, PULL_DATA and TX_ACK carry the gateway EUI; PUSH_DATA and PULL_RESP carry JSON, and
 * TX_ACK may. A part of a PUSH_DATA that is malformed is left out and reported, so that it does not
 * take the good ones with it.
 *
 * @throws WarrenError `frame-too-short`, `frame-too-long`; `protocol-version-unknown`;
 *   `frame-malformed` for an unknown identifier, for text that is no JSON and for a wrong txpk
 * @see PROTOCOL.TXT sections 3 and 5 (Lora-net/packet_forwarder)
 */
export function decodeDatagram(bytes: Uint8Array): ReceivedGwmpDatagram {
  if (bytes.length > maxDatagramLengthBytes) {
    throw new WarrenError("frame-too-long", `a datagram of ${bytes.length} bytes`);
  }
  const reader = new ByteReader(bytes);
  const version = reader.uint8("version");
  if (version !== 1 && version !== 2) {
    throw new WarrenError("protocol-version-unknown", `GWMP version ${version} is unknown`);
  }
  const token = reader.uint8("token") * 256 + reader.uint8("token");
  const type = typeOf(reader.uint8("identifier"), version);
  return decodeBody(type, { version, token }, reader);
}

function typeOf(identifier: number, version: 1 | 2): DatagramType {
  const type = typeByIdentifier.get(identifier as never);
  if (type === undefined || (type === "TX_ACK" && version === 1)) {
    throw new WarrenError(
      "frame-malformed",
      `GWMP version ${version} has no identifier ${identifier}`,
    );
  }
  return type;
}

function decodeBody(type: DatagramType, header: Header, reader: ByteReader): ReceivedGwmpDatagram {
  switch (type) {
    case "PUSH_DATA":
      return { type, ...header, gatewayEui: readEui(reader), ...decodePushData(readJson(reader)) };
    case "PULL_DATA": {
      const gatewayEui = readEui(reader);
      reader.end();
      return { type, ...header, gatewayEui };
    }
    case "PULL_RESP": {
      const body = new JsonMembers(readJson(reader), "body");
      return { type, ...header, txpk: decodeTxpk(body.optional("txpk")) };
    }
    case "TX_ACK": {
      const gatewayEui = readEui(reader);
      const body = reader.remaining === 0 ? undefined : readJson(reader);
      return { type, ...header, gatewayEui, result: decodeTxResult(body) };
    }
    default:
      reader.end();
      return { type, ...header };
  }
}

/**
 * Encodes a datagram; the mirror of `decodeDatagram`.
 *
 * @throws WarrenError `value-out-of-range` for a token, frequency or txpk that cannot be sent;
 *   `frame-too-long` when the datagram exceeds what UDP carries
 */
export function encodeDatagram(datagram: GwmpDatagram): Uint8Array {
  const { version, token, type } = datagram;
  if (!Number.isInteger(token) || token < 0 || token > 0xffff) {
    throw new WarrenError(
      "value-out-of-range",
      `token must be an integer of 16 bits, not ${token}`,
    );
  }
  const writer = new ByteWriter()
    .uint8(version, "version")
    .uint8(token >> 8, "token")
    .uint8(token & 0xff, "token")
    .uint8(identifiers[type], "identifier");
  if ("gatewayEui" in datagram) {
    writer.bytes(parseHex(datagram.gatewayEui, 8));
  }
  const json = jsonOf(datagram);
  if (json !== undefined) {
    writer.bytes(Buffer.from(JSON.stringify(json)));
  }
  const bytes = writer.toBytes();
  if (bytes.length > maxDatagramLengthBytes) {
    throw new WarrenError("frame-too-long", `a datagram of ${bytes.length} bytes`);
  }
  return bytes;
}

function jsonOf(datagram: GwmpDatagram): object | undefined {
  switch (datagram.type) {
    case "PUSH_DATA": {
      const { rxpk, stat } = datagram;
      return {
        ...(rxpk.length === 0 ? {} : { rxpk: rxpk.map(encodeRxpk) }),
        ...(stat === undefined ? {} : { stat }),
      };
    }
    case "PULL_RESP":
      return { txpk: encodeTxpk(datagram.txpk) };
    case "TX_ACK":
      return encodeTxResult(datagram.result);
    default:
      return undefined;
  }
}

function decodePushData(
  json: unknown,
): Pick<PushData, "rxpk" | "stat"> & { problems: readonly PushDataProblem[] } {
  const body = new JsonMembers(json, "body");
  const problems: PushDataProblem[] = [];
  const elements = body.optional("rxpk") ?? [];
  if (!Array.isArray(elements)) {
    problems.push({ where: "rxpk", message: "rxpk is not an array" });
  }
  const rxpk = (Array.isArray(elements) ? elements : []).flatMap((element, index) => {
    const where = `rxpk[${index}]`;
    return orProblem(problems, where, () => decodeRxpk(element, where)) ?? [];
  });
  const status = body.optional("stat");
  const stat =
    status === undefined
      ? undefined
      : orProblem(problems, "stat", () => decodeGatewayStatus(status));
  return { rxpk, ...(stat === undefined ? {} : { stat }), problems };
}

/** The gateway EUI, unlike those of LoRaWAN frames, comes most significant byte first. */
function readEui(reader: ByteReader): Eui64 {
  return formatHex(reader.bytes(8, "gateway EUI")) as Eui64;
}

/** @throws WarrenError `frame-malformed` unless all that is left is one JSON text in UTF-8 */
function readJson(reader: ByteReader): unknown {
  try {
    return JSON.parse(utf8.decode(reader.rest()));
  } catch (cause) {
    throw new WarrenError("frame-malformed", "the body is no JSON text", { cause });
  }
}
