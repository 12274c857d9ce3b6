import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { decodeDatagram, encodeDatagram } from "../../src/gwmp/datagram.ts";
import type { Eui64 } from "../../src/lorawan/identifiers.ts";

const PUSH_ACK = 1;
const PULL_RESP = 3;

/** A packet forwarder that sends what was prepared and takes part in downlinks. */
export class LoadGateway {
  readonly #socket: Socket = createSocket("udp4");
  readonly #gatewayEui: Eui64;
  readonly #serverPort: number;
  /** PUSH_DATA that no PUSH_ACK came for. */
  unanswered = 0;
  /** PULL_RESPs. */
  downlinks = 0;
  /** Called after each PUSH_ACK. */
  onAcknowledged: () => void = () => undefined;

  constructor(gatewayEui: Eui64, serverPort: number) {
    this.#gatewayEui = gatewayEui;
    this.#serverPort = serverPort;
  }

  /** Announces itself and waits for the PULL_ACK. */
  async connect(): Promise<this> {
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
    this.#socket.connect(this.#serverPort, "127.0.0.1");
    await once(this.#socket, "connect");
    const gatewayEui = this.#gatewayEui;
    this.#socket.send(encodeDatagram({ type: "PULL_DATA", version: 2, token: 1, gatewayEui }));
    await once(this.#socket, "message");
    this.#socket.on("message", (bytes) => this.#receive(bytes));
    // Nobody listens while a server that was killed starts again.
    this.#socket.on("error", () => undefined);
    return this;
  }

  push(datagram: Uint8Array): void {
    this.unanswered++;
    this.#socket.send(datagram);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(bytes: Buffer): void {
    if (bytes[3] === PUSH_ACK) {
      this.unanswered--;
      this.onAcknowledged();
    } else if (bytes[3] === PULL_RESP) {
      this.downlinks++;
      const { token } = decodeDatagram(new Uint8Array(bytes));
      const gatewayEui = this.#gatewayEui;
      this.#socket.send(
        encodeDatagram({ type: "TX_ACK", version: 2, token, gatewayEui, result: {} }),
      );
    }
  }
}
