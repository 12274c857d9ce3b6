import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import {
  decodeDatagram,
  encodeDatagram,
  type GwmpDatagram,
  type PushData,
  type TxAck,
} from "../../../src/gwmp/datagram.ts";
import type { Rxpk } from "../../../src/gwmp/rxpk.ts";
import type { Txpk } from "../../../src/gwmp/txpk.ts";

/** The gateway side of a Network Server on a real UDP socket. */
export class UdpNetworkServer {
  readonly #socket = createSocket("udp4");
  #gateway: RemoteInfo | undefined;
  #token = 100;
  readonly pushes: PushData[] = [];
  readonly txAcks: TxAck[] = [];
  pulls = 0;
  onRxpk: (rxpk: Rxpk) => void = () => undefined;

  async open(port = 0): Promise<{ host: string; port: number }> {
    this.#socket.on("message", (bytes, from) => this.#receive(bytes, from));
    this.#socket.bind(port, "127.0.0.1");
    await once(this.#socket, "listening");
    return { host: "127.0.0.1", port: this.#socket.address().port };
  }

  close(): void {
    this.#socket.close();
  }

  /** Sends a PULL_RESP and returns its token. */
  transmit(txpk: Txpk): number {
    this.#token += 1;
    this.#send({ type: "PULL_RESP", version: 2, token: this.#token, txpk });
    return this.#token;
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.#gateway) this.#socket.send(bytes, this.#gateway.port, this.#gateway.address);
  }

  #send(datagram: GwmpDatagram): void {
    this.sendBytes(encodeDatagram(datagram));
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    const datagram = decodeDatagram(bytes);
    this.#gateway = from;
    const { token } = datagram;
    if (datagram.type === "PULL_DATA") {
      this.pulls += 1;
      this.#send({ type: "PULL_ACK", version: 2, token });
    } else if (datagram.type === "PUSH_DATA") {
      this.pushes.push(datagram);
      this.#send({ type: "PUSH_ACK", version: 2, token });
      for (const rxpk of datagram.rxpk) this.onRxpk(rxpk);
    } else if (datagram.type === "TX_ACK") {
      this.txAcks.push(datagram);
    }
  }
}

/** Waits in real time. */
export async function until(isDone: () => boolean, limitMs = 20_000): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!isDone()) {
    if (Date.now() > limit) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
