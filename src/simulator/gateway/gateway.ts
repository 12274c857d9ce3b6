import type { PullResp, ReceivedGwmpDatagram } from "../../gwmp/datagram.ts";
import type { Rxpk } from "../../gwmp/rxpk.ts";
import { TxError } from "../../gwmp/tx-ack.ts";
import type { Txpk } from "../../gwmp/txpk.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { frameDurationMs } from "../../lorawan/region/frame-duration.ts";
import type { Region } from "../../lorawan/region/region.ts";
import type { Air } from "../air/air.ts";
import type { RadioFrame, UplinkReceiver } from "../air/radio-frame.ts";
import type { Chance } from "../air/seeded-random.ts";
import { canTune } from "../radio/frequency-range.ts";
import type { Cancel, Timeline } from "../time/timeline.ts";
import { ConcentratorClock } from "./concentrator-clock.ts";
import { type GatewayCounters, noGatewayCounters } from "./gateway-counters.ts";
import type { HeldSends } from "./held-sends.ts";
import { TransmitQueue } from "./transmit-queue.ts";
import { type NetworkServerAddress, UdpLink } from "./udp-link.ts";

export interface GatewayOptions {
  readonly gatewayEui: Eui64;
  readonly region: Region;
  readonly networkServer: NetworkServerAddress;
  /** Time between two PULL_DATA, in simulated ms. */
  readonly pullIntervalMs: number;
  /** Time between two status reports, in simulated ms. */
  readonly statusIntervalMs: number;
}

export interface GatewayPorts {
  readonly timeline: Timeline;
  readonly air: Air;
  readonly chance: Chance;
  readonly sends: HeldSends;
}

/** How far ahead of now a frame goes that is to be sent at once. */
const IMMEDIATE_MS = 50;
/** IF channels of a concentrator. */
const CHANNEL_COUNT = 8;

/** A gateway with a packet forwarder that speaks GWMP version 2 over UDP, as real ones do. */
export class Gateway implements UplinkReceiver {
  readonly gatewayEui: Eui64;
  readonly #options: GatewayOptions;
  readonly #ports: GatewayPorts;
  readonly #clock: ConcentratorClock;
  readonly #queue = new TransmitQueue();
  #link: UdpLink | undefined;
  #timers: Cancel[] = [];
  #counters: GatewayCounters = noGatewayCounters;
  #reported: GatewayCounters = noGatewayCounters;
  #token = 0;

  constructor(options: GatewayOptions, ports: GatewayPorts) {
    this.gatewayEui = options.gatewayEui;
    this.#options = options;
    this.#ports = ports;
    this.#token = Math.floor(ports.chance() * 0x1_0000);
    const firstTmst = Math.floor(ports.chance() * 2 ** 32);
    this.#clock = new ConcentratorClock(ports.timeline, firstTmst);
  }

  get counters(): GatewayCounters {
    return this.#counters;
  }

  /** @throws WarrenError `configuration-invalid` when the Network Server's name does not resolve */
  async start(): Promise<void> {
    const { networkServer } = this.#options;
    this.#link = await UdpLink.open(networkServer, this.#ports.sends, (datagram) =>
      this.#receiveDatagram(datagram),
    );
    this.#ports.air.addGateway(this);
    this.#pull();
    this.#repeat(this.#options.pullIntervalMs, () => this.#pull());
    this.#repeat(this.#options.statusIntervalMs, () => this.#report());
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#link?.close();
  }

  /** Forwards a frame from the air: `tmst` is when it ended, however late it is forwarded. */
  receive(frame: RadioFrame): void {
    this.#count({ framesReceived: this.#counters.framesReceived + 1 });
    this.#push({ rxpk: [this.#rxpkOf(frame)] });
  }

  #rxpkOf(frame: RadioFrame): Rxpk {
    const { chance } = this.#ports;
    const fsk = /^FSK(\d+)$/.exec(frame.modulation);
    const common = {
      tmst: this.#clock.tmstAt(frame.startsAt + frame.timeOnAirMs),
      frequencyHz: frame.frequencyHz,
      chan: Math.round(frame.frequencyHz / 200_000) % CHANNEL_COUNT,
      rfch: 0,
      crcStatus: 1,
      rssi: -50 - Math.floor(chance() * 50),
      phyPayload: frame.phyPayload,
    } as const;
    if (fsk !== null) return { ...common, modu: "FSK", datr: Number(fsk[1]) };
    const lsnr = Math.round(chance() * 100) / 10;
    return { ...common, modu: "LORA", datr: frame.modulation, codr: "4/5", lsnr };
  }

  #receiveDatagram(datagram: ReceivedGwmpDatagram): void {
    const { pushesAcknowledged, pullsAcknowledged, downlinksReceived } = this.#counters;
    if (datagram.type === "PUSH_ACK") {
      this.#count({ pushesAcknowledged: pushesAcknowledged + 1 });
    } else if (datagram.type === "PULL_ACK") {
      this.#count({ pullsAcknowledged: pullsAcknowledged + 1 });
    } else if (datagram.type === "PULL_RESP") {
      this.#count({ downlinksReceived: downlinksReceived + 1 });
      this.#transmit(datagram);
    }
  }

  #transmit({ token, txpk }: PullResp): void {
    const error = this.#program(txpk);
    if (error !== undefined) {
      const refused = this.#counters.downlinksRefused;
      this.#count({ downlinksRefused: { ...refused, [error]: (refused[error] ?? 0) + 1 } });
    }
    this.#link?.send({
      type: "TX_ACK",
      version: 2,
      token,
      gatewayEui: this.gatewayEui,
      result: error === undefined ? {} : { error },
    });
  }

  #program(txpk: Txpk): TxError | undefined {
    if (typeof txpk.timing === "object" && "tmms" in txpk.timing) return TxError.GpsUnlocked;
    if (!canTune(this.#options.region, txpk.frequencyHz)) return TxError.TxFreq;
    const now = this.#ports.timeline.now();
    const startsAt =
      txpk.timing === "immediately" ? now + IMMEDIATE_MS : this.#clock.momentOf(txpk.timing.tmst);
    const modulation = txpk.modu === "LORA" ? txpk.datr : `FSK${txpk.datr}`;
    const timeOnAirMs = frameDurationMs(modulation, txpk.phyPayload.length, "down");
    const error = this.#queue.add({ startsAt, endsAt: startsAt + timeOnAirMs }, now);
    if (error !== undefined) return error;
    this.#count({ downlinksSent: this.#counters.downlinksSent + 1 });
    // Without inverted polarization no end-device hears it.
    if (txpk.modu === "FSK" || txpk.ipol) {
      const { frequencyHz, phyPayload } = txpk;
      this.#ports.air.sendDownlink(
        {
          phyPayload,
          frequencyHz,
          modulation,
          startsAt,
          timeOnAirMs,
        },
        this,
      );
    }
    return undefined;
  }

  #pull(): void {
    this.#count({ pullsSent: this.#counters.pullsSent + 1 });
    const token = this.#nextToken();
    const { gatewayEui } = this;
    this.#link?.send({ type: "PULL_DATA", version: 2, token, gatewayEui });
  }

  #report(): void {
    const now = this.#counters;
    const last = this.#reported;
    const received = now.framesReceived - last.framesReceived;
    const pushes = now.pushesSent - last.pushesSent;
    const acknowledged = now.pushesAcknowledged - last.pushesAcknowledged;
    this.#reported = now;
    const time = new Date(this.#ports.timeline.now()).toISOString();
    this.#push({
      rxpk: [],
      stat: {
        time: `${time.slice(0, 10)} ${time.slice(11, 19)} GMT`,
        rxnb: received,
        rxok: received,
        rxfw: received,
        ackr: pushes === 0 ? 100 : Math.min(100, Math.round((1_000 * acknowledged) / pushes) / 10),
        dwnb: now.downlinksReceived - last.downlinksReceived,
        txnb: now.downlinksSent - last.downlinksSent,
      },
    });
  }

  #push(body: Pick<Extract<ReceivedGwmpDatagram, { type: "PUSH_DATA" }>, "rxpk" | "stat">): void {
    this.#count({ pushesSent: this.#counters.pushesSent + 1 });
    const token = this.#nextToken();
    const { gatewayEui } = this;
    this.#link?.send({ type: "PUSH_DATA", version: 2, token, gatewayEui, ...body });
  }

  #nextToken(): number {
    this.#token = (this.#token + 1) % 0x1_0000;
    return this.#token;
  }

  #count(changed: Partial<GatewayCounters>): void {
    this.#counters = { ...this.#counters, ...changed };
  }

  #repeat(intervalMs: number, work: () => void): void {
    const { timeline } = this.#ports;
    const index = this.#timers.length;
    const next = () => {
      this.#timers[index] = timeline.at(timeline.now() + intervalMs, () => {
        work();
        next();
      });
    };
    next();
  }
}
