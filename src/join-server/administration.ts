import type { Clock } from "../clock.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import { failUpdate } from "../root-key/server-update.ts";
import type { Suite } from "../root-key/suite.ts";
import type { Device, DeviceSettings } from "./device.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import type { EventSink } from "./ports/events.ts";
import type { JoinServerStore } from "./ports/join-server-store.ts";
import type { NetworkServerLink } from "./ports/network-server-link.ts";
import { changeSettings, type GivenRootKeys, newDevice } from "./register-device.ts";
import { prepareUpdateForOperator } from "./root-key-updates/start-update.ts";
import type { UpdatePolicy } from "./root-key-updates/update-policy.ts";
import { decideAndSave } from "./save-with-retry.ts";

export interface AdministrationOptions {
  readonly store: JoinServerStore;
  readonly networkServerLink: NetworkServerLink;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  readonly updatePolicy: UpdatePolicy;
  readonly events: EventSink;
}

/** What an operator may do. Every method stores first; a refusal is a thrown WarrenError. */
export class Administration {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  /**
   * Adds a device, or changes the settings of a known one; the same again changes nothing.
   *
   * @throws WarrenError `root-key-missing`, `write-conflict`
   */
  async putDevice(
    settings: DeviceSettings,
    keys: GivenRootKeys,
  ): Promise<{ device: Device; isNew: boolean }> {
    const created = newDevice(settings, keys, this.#options.clock.now());
    const [isNew] = await this.#options.store.createDevices([
      { device: created, usedDevNonces: [] },
    ]);
    if (isNew) {
      this.#options.logger.info({ event: "device-created", devEui: settings.devEui });
      return { device: created, isNew: true };
    }
    const { device } = await decideAndSave(this.#options.store, settings.devEui, (stored) => ({
      device: changeSettings(stored, settings, keys),
    }));
    return { device, isNew: false };
  }

  /** @throws WarrenError `device-unknown` */
  getDevice(devEui: Eui64): Promise<Device> {
    return loadKnownDevice(this.#options.store, devEui);
  }

  async listDevices(limit: number, after?: Eui64): Promise<readonly Device[]> {
    return (await this.#options.store.findDevices({}, limit, after)).devices;
  }

  /**
   * Starts an update and hands the request to the device's Network Server. When that cannot be reached the
   * update stays prepared: call again, or the Network Server asks by itself.
   *
   * @throws WarrenError `device-unknown`, `update-not-allowed`, `suite-not-allowed`, `update-id-exhausted`
   */
  async startUpdate(
    devEui: Eui64,
    suite?: Suite,
  ): Promise<{ device: Device; isDelivered: boolean }> {
    const { store, updatePolicy, randomBytes, clock, logger } = this.#options;
    const { device, macCommand } = await decideAndSave(store, devEui, (stored) =>
      prepareUpdateForOperator(stored, suite ?? stored.suite, {
        policy: updatePolicy,
        randomBytes,
        now: clock.now(),
      }),
    );
    const { update } = device.rootKeys;
    logger.info({
      event: "update-started",
      devEui,
      updateId: update?.updateId,
      reason: "operator",
    });
    return { device, isDelivered: await this.#deliver(device, macCommand) };
  }

  /** @throws WarrenError `device-unknown`, `update-not-found` */
  async abortUpdate(devEui: Eui64): Promise<Device> {
    const { device } = await decideAndSave(this.#options.store, devEui, (stored) => ({
      device: { ...stored, rootKeys: failUpdate(stored.rootKeys, "aborted") },
    }));
    this.#options.logger.info({ event: "update-failed", devEui, reason: "aborted" });
    return device;
  }

  async #deliver(device: Device, macCommand: Uint8Array): Promise<boolean> {
    const { store, networkServerLink, logger } = this.#options;
    const peer = await store.loadNetworkServer(device.homeNetId);
    if (peer?.route === undefined || !peer.relaysRootKeyUpdates) return false;
    try {
      await networkServerLink.sendRootKeyUpdateReq(peer, device, macCommand);
      return true;
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      logger.warn(
        { event: "update-not-delivered", devEui: device.devEui, reason: error.code },
        error.message,
      );
      return false;
    }
  }
}
