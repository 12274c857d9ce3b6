import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { decodeDatagram, encodeDatagram } from "../../../src/gwmp/datagram.ts";
import type { Txpk } from "../../../src/gwmp/txpk.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";

export interface Transmission {
  readonly txpk: Txpk;
  readonly at: number;
}

export interface Reception {
  readonly tmst?: number;
  readonly frequencyHz?: number;
  readonly datr?: string;
  readonly rssi?: number;
  readonly lsnr?: number;
  readonly crcStatus?: 1 | 0 | -1;
}

/** Only a failure waits so long. */
const PATIENCE_MS = 20_000;

/** A packet forwarder on a real socket, whose TX_ACKs the test decides. */
export class FakeGateway {
  readonly gatewayEui: Eui64;
  readonly transmissions: Transmission[] = [];
  /** The errors of the next PULL_RESPs; `undefined` accepts, `silent` says nothing. */
  readonly nextErrors: (string | undefined)[] = [];
  acknowledgements = 0;
  readonly #socket: Socket = createSocket("udp4");
  readonly #serverPort: number;
  readonly #waiters: ((transmission: Transmission) => void)[] = [];
  #token = 0;

  constructor(number: number, serverPort: number) {
    this.gatewayEui = `aa555a00000000${number.toString(16).padStart(2, "0")}` as Eui64;
    this.#serverPort = serverPort;
    this.#socket.on("message", (bytes) => this.#receive(new Uint8Array(bytes)));
  }

  /** Announces itself and waits for the PULL_ACK. */
  async connect(): Promise<this> {
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
    const { gatewayEui } = this;
    this.send(encodeDatagram({ type: "PULL_DATA", version: 2, token: this.#next(), gatewayEui }));
    await once(this.#socket, "message");
    return this;
  }

  /** Forwards a frame it has heard. */
  push(phyPayload: Uint8Array, reception: Reception = {}): void {
    const { gatewayEui } = this;
    const rxpk = {
      modu: "LORA",
      tmst: 1_000_000,
      frequencyHz: 868_100_000,
      datr: "SF7BW125",
      codr: "4/5",
      rssi: -60,
      lsnr: 9,
      crcStatus: 1,
      ...reception,
      phyPayload,
    } as const;
    this.send(
      encodeDatagram({
        type: "PUSH_DATA",
        version: 2,
        token: this.#next(),
        gatewayEui,
        rxpk: [rxpk],
      }),
    );
  }

  /** Any bytes to the server. */
  send(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#serverPort, "127.0.0.1");
  }

  /** The next frame it is told to transmit, counted from the call. */
  nextTransmission(timeoutMs = PATIENCE_MS): Promise<Transmission> {
    return new Promise((resolve, reject) => {
      const waiter = (transmission: Transmission) => {
        clearTimeout(timer);
        resolve(transmission);
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new Error("no PULL_RESP came"));
      }, timeoutMs);
      this.#waiters.push(waiter);
    });
  }

  /**
   * Forwards a frame and waits for what is to be transmitted after it: not for what was transmitted before already, which the
   * server sends again, for the second window, when it has had no TX_ACK in time.
   */
  async exchange(phyPayload: Uint8Array, reception: Reception = {}): Promise<Transmission> {
    const earlier = new Set(this.transmissions.map(({ txpk }) => formatHex(txpk.phyPayload)));
    let transmission = this.nextTransmission();
    this.push(phyPayload, reception);
    while (earlier.has(formatHex((await transmission).txpk.phyPayload))) {
      transmission = this.nextTransmission();
    }
    return await transmission;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(bytes: Uint8Array): void {
    const datagram = decodeDatagram(bytes);
    if (datagram.type === "PUSH_ACK") this.acknowledgements++;
    if (datagram.type !== "PULL_RESP") return;
    const error = this.nextErrors.shift();
    const transmission = { txpk: datagram.txpk, at: Date.now() };
    this.transmissions.push(transmission);
    if (error !== "silent") {
      const { gatewayEui } = this;
      const { token } = datagram;
      const result = error === undefined ? {} : { error };
      this.send(encodeDatagram({ type: "TX_ACK", version: 2, token, gatewayEui, result }));
    }
    this.#waiters.shift()?.(transmission);
  }

  #next(): number {
    this.#token = (this.#token + 1) % 0x10000;
    return this.#token;
  }
}
