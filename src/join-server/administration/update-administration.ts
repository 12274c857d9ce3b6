import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { failUpdate } from "../../root-key/server-update.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { Device } from "../device.ts";
import type { NetworkServerLink } from "../ports/network-server-link.ts";
import type { PeerStore } from "../ports/peer-store.ts";
import { prepareUpdateForOperator } from "../root-key-updates/start-update.ts";
import type { UpdatePolicy } from "../root-key-updates/update-policy.ts";
import type { DeviceChanges } from "./device-changes.ts";

export interface UpdateAdministrationOptions {
  readonly store: Pick<PeerStore, "loadNetworkServer">;
  readonly networkServerLink: NetworkServerLink;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  readonly updatePolicy: UpdatePolicy;
}

/** Root key updates by order of an operator. */
export class UpdateAdministration {
  readonly #options: UpdateAdministrationOptions;
  readonly #changes: DeviceChanges;

  constructor(options: UpdateAdministrationOptions, changes: DeviceChanges) {
    this.#options = options;
    this.#changes = changes;
  }

  /**
   * Starts an update and hands the request to the device's Network Server. When that cannot be reached the
   * update stays prepared: call again, or the Network Server asks by itself.
   *
   * @throws WarrenError `device-unknown`, `update-not-allowed`, `suite-not-allowed`, `update-id-exhausted`
   */
  async start(
    devEui: Eui64,
    suite: Suite | undefined,
    actor: string,
  ): Promise<{ device: Device; isDelivered: boolean }> {
    const { updatePolicy, randomBytes, clock } = this.#options;
    const { device, macCommand, isSaved } = await this.#changes.decide(devEui, (stored) => {
      const prepared = prepareUpdateForOperator(
        stored,
        { suite: suite ?? stored.suite, isHealing: false },
        {
          policy: updatePolicy,
          randomBytes,
          now: clock.now(),
        },
      );
      if (prepared.device === stored) return prepared;
      const { lastUpdateId: updateId } = prepared.device.rootKeys;
      return {
        ...prepared,
        audit: this.#changes.audit(actor, "update.start", devEui, { updateId }),
      };
    });
    if (isSaved)
      this.#changes.publish("update-started", { ...updateOf(device), reason: "operator" });
    return { device, isDelivered: await this.#deliver(device, macCommand) };
  }

  /** @throws WarrenError `device-unknown`, `update-not-found` */
  async abort(devEui: Eui64, actor: string): Promise<Device> {
    const { device } = await this.#changes.decide(devEui, (stored) => {
      const { lastUpdateId: updateId } = stored.rootKeys;
      return {
        device: { ...stored, rootKeys: failUpdate(stored.rootKeys, "aborted") },
        audit: this.#changes.audit(actor, "update.abort", devEui, { updateId }),
      };
    });
    this.#changes.publish("update-failed", { ...updateOf(device), reason: "aborted" });
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
      const { code: reason, message } = error;
      logger.warn({ event: "update-not-delivered", devEui: device.devEui, reason }, message);
      return false;
    }
  }
}

function updateOf({ devEui, rootKeys }: Device) {
  return { devEui, updateId: rootKeys.lastUpdateId, generation: rootKeys.generation };
}
