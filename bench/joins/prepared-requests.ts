import { closeSync, openSync, writeSync } from "node:fs";
import { aesCmac } from "../../src/crypto/aes-cmac.ts";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { BENCH_JOIN_EUI, BENCH_NET_ID, benchDevEui } from "../join-load.ts";
import { LOAD_DEVICES, rootKeyOf } from "./population.ts";

/** Requests of one write to the file. */
const WRITTEN_AT_ONCE = 1_000;
/** Prime to the number of devices: the order looks random to the pages of a database, and is a cycle. */
const STRIDE = 61_803;

/**
 * JoinReqs of the load as bytes of HTTP, all of one length: each device once a pass, in an order in which
 * neighbours are far apart, its DevNonce counted up from pass to pass.
 */
export class PreparedRequests {
  readonly #port: number;
  readonly #step: number;
  #position: number;
  readonly #messages: (Uint8Array | undefined)[] = new Array(LOAD_DEVICES);

  /** @param part every `of`-th device from the `index`-th on; all by default */
  constructor(port: number, part = { index: 0, of: 1 }) {
    this.#port = port;
    this.#position = part.index;
    this.#step = part.of;
  }

  /** Bytes of one request. */
  get lengthBytes(): number {
    return this.#request(0, 1).length;
  }

  /** Writes the next `count` requests, which nobody has had before. */
  write(file: string, count: number): void {
    const descriptor = openSync(file, "w", 0o600);
    try {
      for (let left = count; left > 0; left -= WRITTEN_AT_ONCE) {
        const length = Math.min(left, WRITTEN_AT_ONCE);
        writeSync(descriptor, Array.from({ length }, () => this.#next()).join(""), null, "latin1");
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #next(): string {
    const position = this.#position;
    this.#position += this.#step;
    const index = (position * STRIDE) % LOAD_DEVICES;
    return this.#request(index, 1 + Math.floor(position / LOAD_DEVICES));
  }

  #request(index: number, devNonce: number): string {
    const body = joinReqText(index, this.#phyPayload(index, devNonce));
    return (
      `POST / HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`
    );
  }

  #phyPayload(index: number, devNonce: number): string {
    let message = this.#messages[index];
    if (message === undefined) {
      message = joinRequestMessage(index);
      this.#messages[index] = message;
    }
    message[17] = devNonce & 0xff;
    message[18] = devNonce >> 8;
    const mic = aesCmac(importAes128Key(rootKeyOf("NwkKey", index)), message).subarray(0, 4);
    return Buffer.concat([message, mic]).toString("hex");
  }
}

/** MHDR, JoinEUI, DevEUI and room for the DevNonce (LoRaWAN 1.1 §6.2.2), by hand: checked by the server. */
function joinRequestMessage(index: number): Uint8Array {
  const message = new Uint8Array(19);
  message.set(Buffer.from(BENCH_JOIN_EUI, "hex").reverse(), 1);
  message.set(Buffer.from(benchDevEui(index), "hex").reverse(), 9);
  return message;
}

/** A JoinReq as JSON. @param phyPayload in hex */
export function joinReqText(index: number, phyPayload: string): string {
  return JSON.stringify({
    ProtocolVersion: "1.0",
    SenderID: BENCH_NET_ID,
    ReceiverID: BENCH_JOIN_EUI,
    TransactionID: 1,
    MessageType: "JoinReq",
    MACVersion: "1.1.0",
    PHYPayload: phyPayload,
    DevEUI: benchDevEui(index),
    DevAddr: "02000001",
    DLSettings: "80",
    RxDelay: 1,
  });
}
