import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { Device } from "../device.ts";
import type { StartedUpdate, UpdateStarter } from "../root-key-updates/update-starter.ts";
import type { DeviceChanges } from "./device-changes.ts";

/** Root key updates by order of an operator, with entries in the audit log. */
export class UpdateAdministration {
  readonly #starter: UpdateStarter;
  readonly #changes: DeviceChanges;

  constructor(starter: UpdateStarter, changes: DeviceChanges) {
    this.#starter = starter;
    this.#changes = changes;
  }

  /**
   * Starts an update, or hands the one that waits for the device over once more. The minimum period does not
   * hold for people.
   *
   * @param kind absent members: as the device's settings and policy have it
   * @throws WarrenError as `UpdateStarter.start`, and `update-not-allowed` while the device only has to join
   */
  async start(
    devEui: Eui64,
    kind: { readonly suite: Suite | undefined; readonly isHealing: boolean | undefined },
    actor: string,
  ): Promise<StartedUpdate> {
    const started = await this.#starter.start(devEui, {
      ...kind,
      requestedBy: `operator:${actor}`,
      respectsMinimumPeriod: false,
      audit: (updateId) => this.#changes.audit(actor, "update.start", devEui, { updateId }),
    });
    if (!started.isNew && started.device.rootKeys.update?.status === "confirmed") {
      throw new WarrenError(
        "update-not-allowed",
        "the new keys are confirmed; the update ends with the next join of the device",
      );
    }
    return started;
  }

  /** @throws WarrenError `device-unknown`, `update-not-found` */
  abort(devEui: Eui64, actor: string): Promise<Device> {
    return this.#starter.abort(devEui, `operator:${actor}`, (updateId) =>
      this.#changes.audit(actor, "update.abort", devEui, { updateId }),
    );
  }
}
