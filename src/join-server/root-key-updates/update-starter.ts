import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { Device } from "../device.ts";
import type { AuditEvent } from "../ports/audit-log.ts";
import type { Requester } from "./requester.ts";

/** An update that somebody wants. */
export interface UpdateOrder {
  readonly requestedBy: Requester;
  /** Default: the suite of the device. */
  readonly suite?: Suite | undefined;
  /** Default: as the policy of the device says. */
  readonly isHealing?: boolean | undefined;
  /** Whether the minimum period of the device's policy holds; an operator's own order is above it. */
  readonly respectsMinimumPeriod: boolean;
  /** An entry for the audit log, stored with the start; none when an update is under way already. */
  readonly audit?: ((updateId: number) => AuditEvent) | undefined;
}

export interface StartedUpdate {
  /** As stored. */
  readonly device: Device;
  readonly updateId: number;
  /** False when one of the kind wanted was under way already; it has been handed over once more. */
  readonly isNew: boolean;
  /** Whether the carrier has taken the request, now or before: true once the device has confirmed its keys. */
  readonly isDelivered: boolean;
}

/** Starts updates for whoever wants one: operators, policies, campaigns. */
export interface UpdateStarter {
  /**
   * Stores the start of an update and hands its request over.
   *
   * @throws WarrenError `device-unknown`, `device-disabled`, `update-not-deliverable` when no server relays
   *   updates to the device, `update-not-allowed` when one of another kind is under way or the minimum period
   *   is not over, `suite-not-allowed`, `update-id-exhausted`, `storage-failed`, `write-conflict`
   */
  start(devEui: Eui64, order: UpdateOrder): Promise<StartedUpdate>;

  /**
   * Hands the request of the update that waits for the device to its carrier once more.
   *
   * @returns false when the carrier cannot be reached, or none waits
   */
  deliver(devEui: Eui64): Promise<boolean>;

  /**
   * Ends the update under way.
   *
   * @param actor for the timeline
   * @param audit an entry for the audit log, stored with the end
   * @throws WarrenError `device-unknown`, `update-not-found`
   */
  abort(devEui: Eui64, actor: Requester, audit?: (updateId: number) => AuditEvent): Promise<Device>;
}
