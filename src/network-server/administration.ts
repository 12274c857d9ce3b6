import type { Aes128Key } from "../crypto/aes128.ts";
import { equalKeys } from "../crypto/aes128.ts";
import { WarrenError } from "../errors.ts";
import type { DevAddr, Eui64 } from "../lorawan/identifiers.ts";
import { isLorawan11, type MacVersion } from "../lorawan/mac-version.ts";
import type { NetworkServerContext } from "./context.ts";
import { queueForceRejoin } from "./mac/rejoin-commands.ts";
import { askRootKeyUpdate } from "./policy/ask-root-key-update.ts";
import { type Device, newDevice } from "./session/device.ts";
import { type NetworkSessionKeys, type Session, startSession } from "./session/session.ts";

/** What an operator says about a device. */
export interface DeviceRecord {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly macVersion: MacVersion;
  readonly asId: string;
  /** For a personalized device, which never joins. */
  readonly abp?: {
    readonly devAddr: DevAddr;
    /** NwkSKey of a 1.0.x device. */
    readonly fNwkSIntKey: Aes128Key;
    /** Required for 1.1, not used for 1.0.x; so is the next. */
    readonly sNwkSIntKey?: Aes128Key;
    readonly nwkSEncKey?: Aes128Key;
  };
}

type Personalization = NonNullable<DeviceRecord["abp"]>;

/** What an operator can do. */
export class Administration {
  readonly #context: NetworkServerContext;

  constructor(context: NetworkServerContext) {
    this.#context = context;
  }

  /** At most `count` devices by rising DevEUI, from the one after `after` on; without it all. */
  listDevices(after?: Eui64, count?: number): readonly Device[] {
    return this.#context.store.listDevices(after, count);
  }

  /** @throws WarrenError `device-unknown` */
  getDevice(devEui: Eui64): Device {
    const device = this.#context.store.findDevice(devEui);
    if (device === undefined) throw new WarrenError("device-unknown", `no device ${devEui} here`);
    return device;
  }

  /**
   * Makes a device known or changes its record. Sessions and counters stay; only an ABP device with another
   * address or other keys starts anew.
   *
   * @throws WarrenError `request-malformed` for a personalized 1.1 device without all three keys
   */
  putDevice(record: DeviceRecord): Device {
    const [device] = this.putDevices([record]);
    return device as Device;
  }

  /**
   * The same for many, all of them or none; of one DevEUI the last record counts.
   *
   * @throws WarrenError as `putDevice` does
   */
  putDevices(records: readonly DeviceRecord[]): readonly Device[] {
    const devices = records.map((record) => this.#changedBy(record));
    this.#context.store.saveDevices(devices);
    return devices;
  }

  #changedBy(record: DeviceRecord): Device {
    const { store, clock } = this.#context;
    const { abp, ...identity } = record;
    const before = store.findDevice(record.devEui) ?? newDevice(identity);
    return abp === undefined
      ? withoutPersonalization({ ...before, ...identity })
      : personalize({ ...before, ...identity }, abp, {
          now: clock.now(),
          rx2DataRate: this.#context.settings.region.rx2.dataRate,
        });
  }

  /** @throws WarrenError `device-unknown`, `version-contradiction` */
  forceRejoin(devEui: Eui64, rejoinType: 0 | 1 | 2): void {
    const { store, settings } = this.#context;
    const dataRate = settings.region.joinChannels[0]?.minDr ?? 0;
    store.changeDevice(devEui, (device) => ({
      device: queueForceRejoin(device, rejoinType, dataRate),
      messages: [],
    }));
  }

  /**
   * Asks the Join Server for new root keys now, whatever the policy says here.
   *
   * @throws WarrenError `device-unknown`, `peer-unreachable`, `peer-answer-malformed`;
   *   `update-not-allowed` when the Join Server says no, or this server takes no part in updates
   */
  async askRootKeyUpdate(devEui: Eui64): Promise<number> {
    if (!this.#context.settings.relaysRootKeys) {
      throw new WarrenError(
        "update-not-allowed",
        "this Network Server relays no root key updates; start it without --no-root-key-relay",
      );
    }
    const { resultCode, updateId } = await askRootKeyUpdate(this.#context, devEui, "operator");
    if (updateId === undefined) {
      throw new WarrenError("update-not-allowed", `the Join Server answered ${resultCode}`);
    }
    return updateId;
  }
}

function withoutPersonalization(device: Device): Device {
  return device.abpDevAddr === undefined
    ? device
    : { ...device, abpDevAddr: undefined, current: undefined, downlinks: [], macRequests: [] };
}

function personalize(
  device: Device,
  abp: Personalization,
  defaults: { readonly now: number; readonly rx2DataRate: number },
): Device {
  const keys = personalizedKeys(device.macVersion, abp);
  const version = isLorawan11(device.macVersion) ? "1.1" : "1.0";
  const isSame =
    device.abpDevAddr === abp.devAddr &&
    device.current?.version === version &&
    hasKeys(device.current, keys);
  if (isSame) return device;
  const session = startSession({
    sessionKeyId: `abp:${abp.devAddr}`,
    devAddr: abp.devAddr,
    version,
    origin: "abp",
    keys,
    // The default of every region; nothing told the device otherwise.
    rxDelaySeconds: 1,
    rx1DrOffset: 0,
    rx2DataRate: defaults.rx2DataRate,
    createdAt: defaults.now,
  });
  return {
    ...device,
    abpDevAddr: abp.devAddr,
    current: session,
    pending: undefined,
    downlinks: [],
    macRequests: [],
    rootKeyCommand: undefined,
  };
}

function personalizedKeys(macVersion: MacVersion, abp: Personalization): NetworkSessionKeys {
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey } = abp;
  if (!isLorawan11(macVersion)) {
    return { fNwkSIntKey, sNwkSIntKey: fNwkSIntKey, nwkSEncKey: fNwkSIntKey };
  }
  if (sNwkSIntKey === undefined || nwkSEncKey === undefined) {
    throw new WarrenError("request-malformed", "LoRaWAN 1.1 has three network session keys");
  }
  return { fNwkSIntKey, sNwkSIntKey, nwkSEncKey };
}

function hasKeys({ keys }: Session, other: NetworkSessionKeys): boolean {
  return (
    equalKeys(keys.fNwkSIntKey, other.fNwkSIntKey) &&
    equalKeys(keys.sNwkSIntKey, other.sNwkSIntKey) &&
    equalKeys(keys.nwkSEncKey, other.nwkSEncKey)
  );
}
