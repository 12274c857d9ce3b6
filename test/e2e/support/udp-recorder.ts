import { createSocket, type RemoteInfo, type Socket } from "node:dgram";

/** Stands between gateways and the Network Server and keeps every datagram. */
export class UdpRecorder {
  readonly traffic: Buffer[] = [];
  readonly #front = createSocket("udp4");
  readonly #backs = new Map<number, Socket>();
  #targetPort = 0;

  /** Listens on a free port and returns it. */
  async listen(): Promise<number> {
    this.#front.on("message", (datagram, gateway) => {
      this.traffic.push(datagram);
      this.#backOf(gateway).send(datagram, this.#targetPort, "127.0.0.1");
    });
    await new Promise<void>((resolve) => this.#front.bind(0, "127.0.0.1", resolve));
    return this.#front.address().port;
  }

  forwardTo(port: number): void {
    this.#targetPort = port;
  }

  close(): void {
    this.#front.close();
    for (const back of this.#backs.values()) back.close();
  }

  /** A socket for each port of a gateway, so that the Network Server sees them apart. */
  #backOf(gateway: RemoteInfo): Socket {
    let back = this.#backs.get(gateway.port);
    if (back === undefined) {
      back = createSocket("udp4");
      back.on("message", (datagram) => {
        this.traffic.push(datagram);
        this.#front.send(datagram, gateway.port, gateway.address);
      });
      this.#backs.set(gateway.port, back);
    }
    return back;
  }
}
