import type { Clock } from "../clock.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { KeyedQueue } from "../keyed-queue.ts";
import type { Logger } from "../logger.ts";
import { dataRateIndexOf } from "../lorawan/region/data-rates.ts";
import type { JoinServerClient, NetworkServerContext } from "./context.ts";
import { failInterrupted } from "./downlink/record-transmission.ts";
import { DownlinkScheduler } from "./gateway/downlink-scheduler.ts";
import { type GatewayFrame, GatewayServer } from "./gateway/gateway-server.ts";
import type { ApplicationServerAddress } from "./outbox/application-server-address.ts";
import { Outbox } from "./outbox/outbox.ts";
import { PolicyTimer } from "./policy/policy-timer.ts";
import type { NetworkServerSettings } from "./settings.ts";
import type { NetworkServerStore } from "./store.ts";
import { ActivationLimit } from "./uplink/activation-limit.ts";
import { Deduplicator } from "./uplink/deduplicator.ts";
import { routeUplinks } from "./uplink/uplink-router.ts";

/** What a Network Server is built from. */
export interface NetworkServerPorts {
  readonly settings: NetworkServerSettings;
  readonly store: NetworkServerStore;
  readonly joinServer: JoinServerClient;
  /** By AS-ID. */
  readonly applicationServers: ReadonlyMap<string, ApplicationServerAddress>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  /** How often the key policies are looked at. Default 1,000. */
  readonly policyTickMs?: number;
  /** See `GatewayServerOptions`. */
  readonly txAckTimeoutMs?: number;
  /** See `OutboxOptions`. */
  readonly firstRetryMs?: number;
}

const DEFAULT_POLICY_TICK_MS = 1_000;

/** The running role: gateways on one side, Join Server and Application Servers on the other. */
export class NetworkServer {
  readonly context: NetworkServerContext;
  readonly #gateways: GatewayServer;
  readonly #deduplicator: Deduplicator;
  readonly #outbox: Outbox;
  readonly #policyTimer: PolicyTimer;

  constructor(ports: NetworkServerPorts) {
    const { settings, store, clock, randomBytes, logger } = ports;
    this.#gateways = new GatewayServer({
      clock,
      randomBytes,
      logger,
      ...(ports.txAckTimeoutMs !== undefined && { txAckTimeoutMs: ports.txAckTimeoutMs }),
      onFrame: (frame) => this.#takeFrame(frame),
    });
    this.#outbox = new Outbox(ports);
    this.context = {
      settings,
      store,
      joinServer: ports.joinServer,
      scheduler: new DownlinkScheduler({
        region: settings.region,
        gateways: this.#gateways,
        clock,
        logger,
      }),
      gateways: this.#gateways.registry,
      deviceQueue: new KeyedQueue(),
      activationLimit: new ActivationLimit(),
      clock,
      randomBytes,
      logger,
      wakeOutbox: () => this.#outbox.wake(),
    };
    this.#deduplicator = new Deduplicator(settings.deduplicationMs, (uplinks) => {
      routeUplinks(this.context, uplinks).catch((error: unknown) => {
        logger.error({ event: "defect", err: error }, "unexpected error");
      });
    });
    this.#policyTimer = new PolicyTimer(this.context, ports.policyTickMs ?? DEFAULT_POLICY_TICK_MS);
  }

  /** Datagrams from gateways that could not be read. */
  get badDatagramCount(): number {
    return this.#gateways.badDatagramCount;
  }

  /**
   * Takes up what a restart interrupted and starts to listen for gateways.
   *
   * @returns the address, `udp://host:port`
   * @throws WarrenError `port-in-use`, `configuration-invalid`
   */
  async start(host: string, udpPort: number): Promise<string> {
    const { store, clock } = this.context;
    for (const { devEui } of store.findInterruptedDownlinks()) {
      store.changeDevice(devEui, (device) => failInterrupted(device, clock.now()));
    }
    const address = await this.#gateways.listen(host, udpPort);
    this.#outbox.wake();
    this.#policyTimer.start();
    return address;
  }

  /** Stops to listen, ends transmissions and lets work under way finish. */
  async close(): Promise<void> {
    this.#deduplicator.close();
    await this.#policyTimer.close();
    await this.#gateways.close();
    await this.context.deviceQueue.drain();
    await this.#outbox.close();
  }

  #takeFrame({ gatewayEui, rxpk, receivedAt }: GatewayFrame): void {
    const dataRate = dataRateIndexOf(this.context.settings.region, rxpk.datr, "up");
    if (dataRate === undefined) return;
    this.#deduplicator.add(
      rxpk.phyPayload,
      {
        gatewayEui,
        tmst: rxpk.tmst,
        frequencyHz: rxpk.frequencyHz,
        dataRate,
        rssi: rxpk.rssi,
        snr: rxpk.modu === "LORA" ? rxpk.lsnr : undefined,
      },
      receivedAt,
    );
  }
}
