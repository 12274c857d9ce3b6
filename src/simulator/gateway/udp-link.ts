import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { WarrenError } from "../../errors.ts";
import {
  decodeDatagram,
  encodeDatagram,
  type GwmpDatagram,
  type ReceivedGwmpDatagram,
} from "../../gwmp/datagram.ts";
import type { HeldSends } from "./held-sends.ts";

/** Where a Network Server listens. */
export interface NetworkServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The UDP socket of one gateway. A Network Server that is away loses datagrams, nothing more. */
export class UdpLink {
  readonly #socket: Socket;
  readonly #sends: HeldSends;
  #isOpen = true;
  /** Datagrams that were no GWMP, or a PULL_RESP that a packet forwarder would not even answer. */
  malformedCount = 0;

  private constructor(socket: Socket, sends: HeldSends) {
    this.#socket = socket;
    this.#sends = sends;
  }

  /** @throws WarrenError `configuration-invalid` when the host name does not resolve */
  static async open(
    address: NetworkServerAddress,
    sends: HeldSends,
    receive: (datagram: ReceivedGwmpDatagram) => void,
  ): Promise<UdpLink> {
    const socket = createSocket({ type: isIPv6(address.host) ? "udp6" : "udp4" });
    const link = new UdpLink(socket, sends);
    socket.on("message", (bytes) => link.#decode(bytes, receive));
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (cause) => {
        reject(
          new WarrenError("configuration-invalid", `cannot send to ${address.host}`, { cause }),
        );
      });
      socket.connect(address.port, address.host, resolve);
    });
    socket.removeAllListeners("error");
    // ECONNREFUSED comes back while the Network Server is away.
    socket.on("error", () => undefined);
    return link;
  }

  send(datagram: GwmpDatagram): void {
    this.#sends.send(() => {
      if (this.#isOpen) this.#socket.send(encodeDatagram(datagram), () => undefined);
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.close();
  }

  #decode(bytes: Uint8Array, receive: (datagram: ReceivedGwmpDatagram) => void): void {
    let datagram: ReceivedGwmpDatagram;
    try {
      datagram = decodeDatagram(bytes);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      this.malformedCount += 1;
      return;
    }
    receive(datagram);
  }
}
