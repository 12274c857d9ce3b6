import type { Clock } from "../clock.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { type Eui64, parseEui64 } from "../lorawan/identifiers.ts";
import type { Region } from "../lorawan/region/region.ts";
import { Air } from "./air/air.ts";
import type { AirSettings } from "./air/radio-frame.ts";
import { seededChance } from "./air/seeded-random.ts";
import type { DevicePorts } from "./device/device-ports.ts";
import { type DeviceProfile, type FactoryKeys, factoryKeysId } from "./device/device-profile.ts";
import { factoryState } from "./device/device-state.ts";
import { EndDevice } from "./device/end-device.ts";
import { Gateway } from "./gateway/gateway.ts";
import { HeldSends } from "./gateway/held-sends.ts";
import type { NetworkServerAddress } from "./gateway/udp-link.ts";
import type { SimulatorStore, StoredDevice } from "./simulator-store.ts";
import { StepLog } from "./step-log.ts";
import { ScaledTimeline } from "./time/scaled-timeline.ts";

export interface SimulatorOptions {
  readonly region: Region;
  readonly networkServer: NetworkServerAddress;
  readonly gatewayCount: number;
  /** How many times faster than the machine's clock all simulated time runs. */
  readonly speed: number;
  readonly air: AirSettings;
  /** Of everything that is random but keys and nonces. */
  readonly seed: number;
}

export interface SimulatorPorts {
  readonly store: SimulatorStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomBytes: RandomBytes;
}

/** What the operator says of a device, beside its keys. */
export type DeviceOrder = Omit<DeviceProfile, "factoryKeysId" | "activation">;

/** An order with the keys that the device leaves the factory with. */
export interface PlacedOrder {
  readonly order: DeviceOrder;
  readonly keys: FactoryKeys;
}

/** As packet forwarders are usually set. */
const PULL_INTERVAL_MS = 10_000;
const STATUS_INTERVAL_MS = 30_000;
/** Gateways are numbered from here on. */
const FIRST_GATEWAY_EUI = 0x5741_5252_454e_0001n;

/** All simulated devices and gateways around one air. */
export class Simulator {
  readonly air: Air;
  readonly steps: StepLog;
  readonly gateways: readonly Gateway[];
  readonly #devices = new Map<Eui64, EndDevice>();
  /** Their DevEUIs, as of the last listing; none ever goes. */
  #sorted: Eui64[] = [];
  readonly #timeline: ScaledTimeline;
  readonly #ports: SimulatorPorts;
  readonly #devicePorts: DevicePorts;

  constructor(options: SimulatorOptions, ports: SimulatorPorts) {
    const { region, networkServer } = options;
    const chance = seededChance(options.seed);
    const sends = new HeldSends();
    const timeline = new ScaledTimeline(options.speed, (work) =>
      sends.during(() => ports.store.together(work)),
    );
    this.#timeline = timeline;
    this.#ports = ports;
    this.air = new Air(timeline, chance, options.air);
    this.steps = new StepLog(ports.clock, ports.logger);
    this.gateways = Array.from({ length: options.gatewayCount }, (_, index) => {
      const settings = { region, networkServer, gatewayEui: gatewayEui(index) };
      const intervals = { pullIntervalMs: PULL_INTERVAL_MS, statusIntervalMs: STATUS_INTERVAL_MS };
      return new Gateway({ ...settings, ...intervals }, { timeline, air: this.air, chance, sends });
    });
    const { store, randomBytes } = ports;
    const { air, steps } = this;
    this.#devicePorts = { timeline, air, region, store, steps, randomBytes, chance };
  }

  /** Switches on the gateways, then all devices the store knows. @throws WarrenError */
  async start(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.start()));
    for (const { profile, state } of this.#ports.store.loadDevices()) {
      this.#switchOn(new EndDevice(profile, state, this.#devicePorts));
    }
  }

  close(): void {
    this.#timeline.close();
    for (const gateway of this.gateways) gateway.close();
    for (const device of this.#devices.values()) device.stop();
  }

  get devices(): IterableIterator<EndDevice> {
    return this.#devices.values();
  }

  /** At most `limit` devices by rising DevEUI, from the one after `after` on. */
  listDevices(after: string, limit: number): EndDevice[] {
    if (this.#sorted.length !== this.#devices.size) this.#sorted = [...this.#devices.keys()].sort();
    const first = firstAfter(this.#sorted, after);
    return this.#sorted.slice(first, first + limit).map((devEui) => this.device(devEui));
  }

  /** @throws WarrenError `device-unknown` */
  device(devEui: Eui64): EndDevice {
    const device = this.#devices.get(devEui);
    if (device === undefined) throw new WarrenError("device-unknown", `no device ${devEui}`);
    return device;
  }

  /** Makes or changes one device. @throws WarrenError as `putDevices` does */
  putDevice(order: DeviceOrder, keys: FactoryKeys): EndDevice {
    const [device] = this.putDevices([{ order, keys }]);
    return device as EndDevice;
  }

  /**
   * Makes devices and switches them on, or changes what may change of known ones: how often they send,
   * whether confirmed, and how they take root key commands. Keys are given once: a known device keeps those
   * it has by now. All of them are stored, or none.
   *
   * @throws WarrenError `identity-contradiction` when a known device is another one, or one comes twice
   */
  putDevices(placed: readonly PlacedOrder[]): EndDevice[] {
    const plans = placed.map((one) => this.#plan(one));
    if (new Set(plans.map(({ profile }) => profile.devEui)).size < plans.length) {
      throw new WarrenError("identity-contradiction", "a DevEUI stands more than once in the list");
    }
    this.#ports.store.saveDevices(plans);
    return plans.map(({ known, profile, state }) => {
      if (known === undefined) {
        return this.#switchOn(new EndDevice(profile, state, this.#devicePorts));
      }
      known.configure(profile);
      return known;
    });
  }

  #plan({ order, keys }: PlacedOrder): StoredDevice & { readonly known: EndDevice | undefined } {
    const { activation } = keys;
    const profile = { ...order, activation, factoryKeysId: factoryKeysId(keys) };
    const known = this.#devices.get(profile.devEui);
    if (known !== undefined) requireSameDevice(known.profile, profile);
    const state = known?.state ?? factoryState(profile, keys, this.#devicePorts.region);
    return { known, profile, state };
  }

  #switchOn(device: EndDevice): EndDevice {
    this.#devices.set(device.profile.devEui, device);
    device.start();
    return device;
  }
}

/** The index of the first that is greater than `after`, in rising order. */
function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The EUI of the gateway with this index, the same in every run. */
function gatewayEui(index: number): Eui64 {
  return parseEui64((FIRST_GATEWAY_EUI + BigInt(index)).toString(16).padStart(16, "0"));
}

function requireSameDevice(known: DeviceProfile, given: DeviceProfile): void {
  const isSame =
    known.joinEui === given.joinEui &&
    known.macVersion === given.macVersion &&
    known.activation === given.activation &&
    known.factoryKeysId === given.factoryKeysId;
  if (!isSame) {
    throw new WarrenError(
      "identity-contradiction",
      `device ${given.devEui} is known with another JoinEUI, version or keys`,
    );
  }
}
