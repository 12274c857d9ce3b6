import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { decodeDatagram, encodeDatagram, type GwmpDatagram } from "../../gwmp/datagram.ts";
import type { Rxpk } from "../../gwmp/rxpk.ts";
import type { TxResult } from "../../gwmp/tx-ack.ts";
import type { Txpk } from "../../gwmp/txpk.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { type GatewayAddress, GatewayRegistry } from "./gateway-registry.ts";

/** A frame as one gateway received it; its CRC was not wrong. */
export interface GatewayFrame {
  readonly gatewayEui: Eui64;
  readonly rxpk: Rxpk;
  /** Epoch ms of its arrival here. */
  readonly receivedAt: number;
}

export interface GatewayServerOptions {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  /** How long a TX_ACK may take; without one the transmission counts as failed. Default 2,000. */
  readonly txAckTimeoutMs?: number;
  readonly onFrame: (frame: GatewayFrame) => void;
}

/** Why a frame was not transmitted: an error of the gateway's, or one of ours. */
export type SendResult = { readonly isSent: true } | { readonly isSent: false; reason: string };

const DEFAULT_TX_ACK_TIMEOUT_MS = 2_000;
/** For what comes in while this process does other things; the system may allow less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * The network's end of the Semtech UDP packet forwarder protocol, version 2. Whatever comes in on the
 * socket is acknowledged and handed on, or counted and dropped: a datagram can't do more harm than that.
 */
export class GatewayServer {
  readonly registry = new GatewayRegistry();
  readonly #options: GatewayServerOptions;
  readonly #waiting = new Map<string, (result: SendResult) => void>();
  #socket: Socket | undefined;
  #badDatagramCount = 0;

  constructor(options: GatewayServerOptions) {
    this.#options = options;
  }

  /** Datagrams dropped because they could not be read. */
  get badDatagramCount(): number {
    return this.#badDatagramCount;
  }

  /**
   * Starts to listen and returns where, as `udp://host:port`.
   *
   * @throws WarrenError `port-in-use`, `configuration-invalid`
   */
  async listen(host: string, port: number): Promise<string> {
    const socket = createSocket({
      type: isIPv6(host) ? "udp6" : "udp4",
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    await bind(socket, host, port);
    const { logger } = this.#options;
    socket.on("error", (error) => logger.error({ event: "udp-failed", err: error }));
    socket.on("message", (bytes, from) => this.#receive(bytes, from));
    this.#socket = socket;
    return `udp://${isIPv6(host) ? `[${host}]` : host}:${socket.address().port}`;
  }

  /**
   * Sends a frame through one gateway and waits until it says what became of it.
   *
   * @param maxWaitMs shortens the time that a TX_ACK may take
   */
  transmit(
    gatewayEui: Eui64,
    txpk: Txpk,
    maxWaitMs = Number.POSITIVE_INFINITY,
  ): Promise<SendResult> {
    const to = this.registry.downlinkAddressOf(gatewayEui);
    if (to === undefined || this.#socket === undefined) {
      return Promise.resolve({ isSent: false, reason: "gateway-unreachable" });
    }
    const token = Buffer.from(this.#options.randomBytes(2)).readUInt16BE();
    const key = `${gatewayEui}:${token}`;
    if (this.#waiting.has(key)) return this.transmit(gatewayEui, txpk, maxWaitMs);
    const { promise, resolve } = Promise.withResolvers<SendResult>();
    const timer = setTimeout(
      () => settle({ isSent: false, reason: "tx-ack-missing" }),
      Math.min(this.#options.txAckTimeoutMs ?? DEFAULT_TX_ACK_TIMEOUT_MS, maxWaitMs),
    );
    const settle = (result: SendResult) => {
      clearTimeout(timer);
      this.#waiting.delete(key);
      resolve(result);
    };
    this.#waiting.set(key, settle);
    this.#send({ type: "PULL_RESP", version: 2, token, txpk }, to);
    return promise;
  }

  /** Stops listening; transmissions under way count as failed. */
  async close(): Promise<void> {
    for (const settle of [...this.#waiting.values()]) {
      settle({ isSent: false, reason: "stopping" });
    }
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.close(() => resolve());
    await promise;
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    try {
      this.#handle(new Uint8Array(bytes), from);
    } catch (error) {
      if (!(error instanceof WarrenError)) {
        this.#options.logger.error({ event: "defect", err: error }, "unexpected error");
        return;
      }
      this.#badDatagramCount++;
      this.#options.logger.debug(
        { event: "datagram-dropped", code: error.code, from: `${from.address}:${from.port}` },
        error.message,
      );
    }
  }

  #handle(bytes: Uint8Array, from: RemoteInfo): void {
    const datagram = decodeDatagram(bytes);
    if (datagram.version !== 2) {
      throw new WarrenError("protocol-version-unknown", "only GWMP version 2 confirms downlinks");
    }
    const { token } = datagram;
    const now = this.#options.clock.now();
    switch (datagram.type) {
      case "PUSH_DATA": {
        this.#send({ type: "PUSH_ACK", version: 2, token }, from);
        this.#pushed(datagram.gatewayEui, datagram.rxpk, now);
        if (datagram.problems.length > 0) {
          throw new WarrenError("frame-malformed", datagram.problems[0]?.message ?? "rxpk");
        }
        return;
      }
      case "PULL_DATA":
        this.registry.pulled(datagram.gatewayEui, from, now);
        this.#send({ type: "PULL_ACK", version: 2, token }, from);
        return;
      case "TX_ACK":
        this.#acknowledged(datagram.gatewayEui, token, datagram.result);
        return;
      default:
        throw new WarrenError("frame-malformed", `a gateway does not send ${datagram.type}`);
    }
  }

  #pushed(gatewayEui: Eui64, frames: readonly Rxpk[], receivedAt: number): void {
    const good = frames.filter(({ crcStatus }) => crcStatus !== -1);
    this.registry.pushed(gatewayEui, good.length, receivedAt);
    for (const rxpk of good) this.#options.onFrame({ gatewayEui, rxpk, receivedAt });
  }

  #acknowledged(gatewayEui: Eui64, token: number, result: TxResult): void {
    const settle = this.#waiting.get(`${gatewayEui}:${token}`);
    if (settle === undefined) return;
    if (result.error !== undefined) {
      settle({ isSent: false, reason: result.error.toLowerCase().replaceAll("_", "-") });
      return;
    }
    this.registry.transmitted(gatewayEui, this.#options.clock.now());
    settle({ isSent: true });
  }

  #send(datagram: GwmpDatagram, to: GatewayAddress): void {
    this.#socket?.send(encodeDatagram(datagram), to.port, to.address, (error) => {
      if (error === null) return;
      this.#options.logger.warn({ event: "datagram-not-sent", type: datagram.type, err: error });
    });
  }
}

async function bind(socket: Socket, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("error", reject);
  socket.bind({ address: host, port, exclusive: true }, resolve);
  try {
    await promise;
  } catch (error) {
    socket.close();
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw code === "EADDRINUSE"
      ? new WarrenError(
          "port-in-use",
          `UDP ${host}:${port} is in use by another program; stop it or choose another port`,
          { cause: error },
        )
      : new WarrenError("configuration-invalid", `cannot listen on UDP ${host}:${port} (${code})`, {
          cause: error,
        });
  }
  socket.off("error", reject);
}
