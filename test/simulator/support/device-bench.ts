import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { silentLogger } from "../../../src/logger.ts";
import type { MacVersion } from "../../../src/lorawan/mac-version.ts";
import { MType } from "../../../src/lorawan/mhdr.ts";
import { encodeCfList } from "../../../src/lorawan/region/cf-list.ts";
import { rx1DataRate, rx1FrequencyHz } from "../../../src/lorawan/region/channels.ts";
import { dataRateByIndex, dataRateIndexOf } from "../../../src/lorawan/region/data-rates.ts";
import { eu868 } from "../../../src/lorawan/region/eu868.ts";
import type { Region } from "../../../src/lorawan/region/region.ts";
import { Air } from "../../../src/simulator/air/air.ts";
import {
  type AirSettings,
  perfectAir,
  type RadioFrame,
} from "../../../src/simulator/air/radio-frame.ts";
import { seededChance } from "../../../src/simulator/air/seeded-random.ts";
import {
  DEFAULT_DEVICE_SETTINGS,
  type DeviceProfile,
  type FactoryKeys,
  factoryKeysId,
} from "../../../src/simulator/device/device-profile.ts";
import { factoryState } from "../../../src/simulator/device/device-state.ts";
import { EndDevice } from "../../../src/simulator/device/end-device.ts";
import type { SimulatorStore } from "../../../src/simulator/simulator-store.ts";
import { StepLog } from "../../../src/simulator/step-log.ts";
import { devEui, FakeServer, joinEui, mTypeOf, type UplinkSeen } from "./fake-server.ts";
import { ManualTimeline } from "./manual-timeline.ts";
import { MemoryStore } from "./memory-store.ts";

export interface BenchOptions {
  readonly macVersion?: MacVersion;
  readonly region?: Region;
  readonly air?: AirSettings;
  readonly keys?: FactoryKeys;
  readonly profile?: Partial<DeviceProfile>;
  readonly store?: SimulatorStore;
  readonly seed?: number;
}

/** One device on an air of its own, with a gateway that hands every uplink to the test. */
export class DeviceBench {
  readonly timeline = new ManualTimeline();
  readonly air: Air;
  readonly store: SimulatorStore;
  readonly region: Region;
  readonly steps: StepLog;
  readonly server: FakeServer;
  readonly frames: RadioFrame[] = [];
  device: EndDevice;
  /** Called with each uplink; what it returns is sent in RX1. */
  onUplink: (phyPayload: Uint8Array) => Uint8Array | undefined = () => undefined;
  window: "rx1" | "rx2" = "rx1";
  readonly #chance;

  constructor(options: BenchOptions = {}) {
    const { macVersion = "1.1.0", region = eu868, air = perfectAir } = options;
    this.region = region;
    this.#chance = seededChance(options.seed ?? 7);
    this.server = new FakeServer(macVersion === "1.1.0");
    this.air = new Air(this.timeline, this.#chance, air);
    this.store = options.store ?? new MemoryStore();
    this.steps = new StepLog({ now: () => this.timeline.now() }, silentLogger);
    this.air.addGateway({ receive: (frame) => this.#receive(frame) });
    const keys = options.keys ?? { activation: "otaa", rootKeys: this.server.keys };
    const profile: DeviceProfile = {
      devEui,
      joinEui,
      macVersion,
      activation: keys.activation,
      uplinkIntervalMs: 60_000,
      confirmedUplinks: false,
      ...DEFAULT_DEVICE_SETTINGS,
      factoryKeysId: factoryKeysId(keys),
      ...options.profile,
    };
    const state = factoryState(profile, keys, region);
    this.store.saveDevices([{ profile, state }]);
    this.device = this.#switchOn();
  }

  /** Takes the power away and gives it back: only what was stored is left. */
  restart(): void {
    this.device.stop();
    this.device = this.#switchOn();
  }

  /** Answers Join-requests under the server's keys, and every data frame with an empty downlink. */
  serve(): void {
    this.onUplink = (phyPayload) => {
      if (mTypeOf(phyPayload) === MType.JoinRequest) {
        const devNonce = this.server.joinRequest(phyPayload);
        const cfList = encodeCfList(this.region.defaultCfList);
        return devNonce === undefined ? undefined : this.server.accept(devNonce, { cfList });
      }
      const seen = this.server.uplink(phyPayload);
      if (seen === undefined) return undefined;
      return this.server.downlink({
        ack: seen.isConfirmed,
        commands: seen.names.includes("RekeyInd") ? [{ name: "RekeyConf", minor: 1 }] : [],
      });
    };
  }

  /** Lets the device join. */
  join(): void {
    this.serve();
    this.timeline.advanceUntil(() => this.device.state.session !== null);
    // Windows close, and the first uplink confirms the session.
    this.timeline.advanceUntil(() => this.device.recorder.counters.downlinks > 0);
    this.timeline.advance(3_000);
    this.onUplink = () => undefined;
    this.frames.length = 0;
  }

  /** Waits for the next frame of the device. */
  nextFrame(limitMs = 3_600_000): Uint8Array {
    const before = this.frames.length;
    this.timeline.advanceUntil(() => this.frames.length > before, limitMs);
    return this.frames[before]?.phyPayload ?? new Uint8Array();
  }

  /** Waits for the next data uplink, and answers it. */
  nextUplink(answer?: (seen: UplinkSeen) => Uint8Array | undefined): UplinkSeen {
    let found: UplinkSeen | undefined;
    this.onUplink = (phyPayload) => {
      const seen = this.server.uplink(phyPayload);
      if (seen === undefined || found !== undefined) return undefined;
      found = seen;
      return answer?.(seen);
    };
    this.timeline.advanceUntil(() => found !== undefined);
    this.timeline.advance(1_100);
    this.onUplink = () => undefined;
    if (found === undefined) throw new Error("no uplink");
    return found;
  }

  events(): string[] {
    return this.steps.of(devEui).map(({ event }) => event);
  }

  get refused(): Readonly<Record<string, number>> {
    return this.device.recorder.counters.refused;
  }

  #switchOn(): EndDevice {
    const [stored] = this.store.loadDevices();
    if (stored === undefined) throw new Error("the device is not stored");
    const { timeline, air, store, steps, region } = this;
    const device = new EndDevice(stored.profile, stored.state, {
      ...{ timeline, air, store, steps, region },
      randomBytes: systemRandomBytes,
      chance: this.#chance,
    });
    device.start();
    return device;
  }

  #receive(frame: RadioFrame): void {
    this.frames.push(frame);
    const answer = this.onUplink(frame.phyPayload);
    if (answer !== undefined) this.send(answer, frame);
  }

  /** Sends a downlink in a window of the default settings after this frame. */
  send(phyPayload: Uint8Array, frame: RadioFrame): void {
    const mType = mTypeOf(frame.phyPayload);
    const isJoin = mType === MType.JoinRequest || mType === MType.RejoinRequest;
    const endsAt = frame.startsAt + frame.timeOnAirMs;
    const rx1At = endsAt + (isJoin ? 5_000 : 1_000);
    const isRx1 = this.window === "rx1";
    this.air.sendDownlink({
      phyPayload,
      ...(isRx1 ? this.#rx1Of(frame) : this.#rx2()),
      startsAt: isRx1 ? rx1At : rx1At + 1_000,
      timeOnAirMs: 50,
    });
  }

  #rx1Of(frame: RadioFrame) {
    const { region } = this;
    const uplinkDataRate = dataRateIndexOf(region, frame.modulation, "up") ?? 0;
    return {
      frequencyHz: rx1FrequencyHz(region, frame.frequencyHz),
      modulation: dataRateByIndex(region, rx1DataRate(region, uplinkDataRate, 0)).name,
    };
  }

  #rx2() {
    const { rx2 } = this.region;
    return {
      frequencyHz: rx2.frequencyHz,
      modulation: dataRateByIndex(this.region, rx2.dataRate).name,
    };
  }
}
