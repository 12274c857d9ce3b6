import { median } from "../join-load.ts";
import { checkAfterKill, type KillCheck } from "./check-after-kill.ts";
import { EventReceiver } from "./event-receiver.ts";
import { LoadGateway } from "./load-gateway.ts";
import { LoadedServer, pinToCore } from "./loaded-server.ts";
import {
  GATEWAY_COUNT,
  gatewayEuiOf,
  type PreparedDatagram,
  PreparedUplinks,
} from "./prepared-uplinks.ts";
import { type LoadResult, runLoad } from "./uplink-load.ts";

export interface UplinksOptions {
  readonly rounds: number;
  /** Of each load. */
  readonly seconds: number;
}

/** One load and what it cost the server. */
export interface UplinkFigures extends LoadResult {
  /** Of all threads of the server, an uplink. */
  readonly processorUs: number;
  /** Uplinks a second of processor time. */
  readonly perCoreSecond: number;
  /** Sent, but never told as an event. */
  readonly lost: number;
  readonly downlinks: number;
}

export interface UplinksMeasurement {
  readonly devices: number;
  readonly isPinned: boolean;
  /** As fast as they are taken. */
  readonly peaks: readonly UplinkFigures[];
  readonly medianPerSecond: number;
  readonly medianPerCoreSecond: number;
  /** At 70 % of the median. */
  readonly at70: UplinkFigures;
  /** The same, with every hundredth uplink confirmed, so that it is answered. */
  readonly confirmed: UplinkFigures;
  readonly requests: number;
  readonly peakMemoryMb: number;
  readonly afterKill: KillCheck;
}

const DEVICES = 10_000;
const CONFIRMED_EVERY = 100;
const SHARE_OF_PEAK = 0.7;
const WARM_UP_SECONDS = 4;
const KILLED_PER_SECOND = 2_000;
/** More than are taken. */
const MAX_PER_SECOND = 30_000;

/**
 * Uplinks of a Network Server process, from GWMP datagrams of eight gateways to events at the Application
 * Server, by a load in this process. The server has one core, the load another.
 */
export async function measureUplinks(options: UplinksOptions): Promise<UplinksMeasurement> {
  const receiver = new EventReceiver(DEVICES);
  const server = new LoadedServer(await receiver.listen());
  const bench = new UplinkBench(server, receiver);
  try {
    await server.start();
    const isPinned = pinToCore(process.pid, 1);
    await bench.start();
    let { perSecond } = await bench.run(WARM_UP_SECONDS, MAX_PER_SECOND);
    const peaks: UplinkFigures[] = [];
    for (let round = 0; round < options.rounds; round++) {
      peaks.push(await bench.run(options.seconds, 1.5 * perSecond + 500));
      perSecond = Math.max(...peaks.map((peak) => peak.perSecond));
    }
    const medianPerSecond = median(peaks.map((peak) => peak.perSecond));
    const at70 = await bench.run(options.seconds, SHARE_OF_PEAK * medianPerSecond, true);
    const confirmed = await bench.runConfirmed(options.seconds, SHARE_OF_PEAK * medianPerSecond);
    const peakMemoryMb = server.peakMemoryMb();
    const afterKill = await checkAfterKill(server, receiver, bench);
    return {
      devices: DEVICES,
      isPinned,
      peaks,
      medianPerSecond,
      medianPerCoreSecond: median(peaks.map((peak) => peak.perCoreSecond)),
      at70,
      confirmed,
      requests: receiver.requests,
      peakMemoryMb,
      afterKill,
    };
  } finally {
    bench.close();
    receiver.close();
    await server.remove();
  }
}

/** The gateways and devices of one server. */
export class UplinkBench {
  readonly #server: LoadedServer;
  readonly #receiver: EventReceiver;
  readonly uplinks = new PreparedUplinks(DEVICES);
  #gateways: readonly LoadGateway[] = [];
  #latest: readonly PreparedDatagram[] = [];

  constructor(server: LoadedServer, receiver: EventReceiver) {
    this.#server = server;
    this.#receiver = receiver;
  }

  async start(): Promise<void> {
    await this.#server.addDevices(this.uplinks.devices);
    await this.connect();
  }

  /** To a server that has just been started. */
  async connect(): Promise<void> {
    this.close();
    const connecting = Array.from({ length: GATEWAY_COUNT }, (_, gateway) =>
      new LoadGateway(gatewayEuiOf(gateway), this.#server.udpPort).connect(),
    );
    this.#gateways = await Promise.all(connecting);
  }

  /**
   * @param perSecond uplinks prepared for each second, and sent at this rate if `isPaced`
   * @throws Error for events that were wrong, out of order or told twice
   */
  run(seconds: number, perSecond: number, isPaced = false): Promise<UplinkFigures> {
    this.uplinks.confirmedEvery = 0;
    return this.#run(seconds, perSecond, isPaced);
  }

  runConfirmed(seconds: number, perSecond: number): Promise<UplinkFigures> {
    this.uplinks.confirmedEvery = CONFIRMED_EVERY;
    return this.#run(seconds, perSecond, true);
  }

  /** Sends the frames of the last load once more. */
  replay(): Promise<LoadResult> {
    const datagrams = this.#latest;
    return runLoad({ ...this.#common(), datagrams, perSecond: 4_000, seconds: 10 });
  }

  /** A load in which the server is killed. */
  async runUntilKilled(seconds: number): Promise<void> {
    this.uplinks.confirmedEvery = 0;
    const datagrams = this.uplinks.make(seconds * KILLED_PER_SECOND);
    const perSecond = KILLED_PER_SECOND;
    const result = await runLoad({ ...this.#common(), datagrams, perSecond, seconds });
    this.#latest = datagrams.slice(0, result.datagrams);
  }

  close(): void {
    for (const gateway of this.#gateways) gateway.close();
    this.#gateways = [];
  }

  #common() {
    return { gateways: this.#gateways, receiver: this.#receiver };
  }

  async #run(seconds: number, perSecond: number, isPaced: boolean): Promise<UplinkFigures> {
    const datagrams = this.uplinks.make(seconds * perSecond);
    const downlinksBefore = this.#downlinks();
    const processorBefore = this.#server.processorSeconds();
    const result = await runLoad({
      ...this.#common(),
      datagrams,
      perSecond: isPaced ? perSecond : undefined,
      seconds: isPaced ? 2 * seconds : seconds,
    });
    const processorSeconds = this.#server.processorSeconds() - processorBefore;
    this.#latest = datagrams.slice(0, result.datagrams);
    this.uplinks.takeBack(datagrams.length - result.datagrams);
    this.#receiver.check();
    return {
      ...result,
      processorUs: (1e6 * processorSeconds) / result.events,
      perCoreSecond: result.events / processorSeconds,
      lost: result.sent - result.events,
      downlinks: this.#downlinks() - downlinksBefore,
    };
  }

  #downlinks(): number {
    return this.#gateways.reduce((sum, { downlinks }) => sum + downlinks, 0);
  }
}
