import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { Device } from "../device.ts";

/** An update that somebody wants. */
export interface UpdateOrder {
  /** As in `UpdateAttempt`. */
  readonly requestedBy: string;
  /** Default: the suite of the device. */
  readonly suite?: Suite | undefined;
  /** Default: as the policy of the device says. */
  readonly isHealing?: boolean | undefined;
  /** Whether the minimum period of the device's policy holds; an operator's own order is above it. */
  readonly respectsMinimumPeriod: boolean;
}

export interface StartedUpdate {
  /** As stored. */
  readonly device: Device;
  readonly updateId: number;
  /** False when an update was under way already; it has been handed over once more. */
  readonly isNew: boolean;
  /** Whether the carrier has taken the request. */
  readonly isDelivered: boolean;
}

/** Starts updates for whoever wants one: operators, policies, campaigns. */
export interface UpdateStarter {
  /** @throws WarrenError `device-unknown`, `update-not-allowed`, `suite-not-allowed`, `update-id-exhausted` */
  start(devEui: Eui64, order: UpdateOrder): Promise<StartedUpdate>;

  /**
   * Hands the request of the update that waits for the device to its carrier once more.
   *
   * @returns false when the carrier cannot be reached, or none waits
   */
  deliver(devEui: Eui64): Promise<boolean>;

  /** Ends the update under way. @throws WarrenError `device-unknown`, `update-not-found` */
  abort(devEui: Eui64, actor: string): Promise<Device>;
}
