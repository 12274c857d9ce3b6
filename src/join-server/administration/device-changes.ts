import type { Clock } from "../../clock.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../device.ts";
import type { AuditEvent, AuditLog } from "../ports/audit-log.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import type { EventKind, EventSink, JoinServerEvent } from "../ports/events.ts";
import { type Decided, type Decision, decideAndSave } from "../save-with-retry.ts";

export interface DeviceChangesOptions {
  readonly store: DeviceStore & AuditLog;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Who changes something, as the audit log calls them, and the version they have seen. */
export interface Change {
  readonly actor: string;
  /** Refuse unless the device still has this version. */
  readonly ifVersion?: number | undefined;
}

/** What every change by an operator needs: the save with its audit entry, the event. */
export class DeviceChanges {
  readonly #options: DeviceChangesOptions;

  constructor(options: DeviceChangesOptions) {
    this.#options = options;
  }

  /** As `decideAndSave`. */
  decide<D extends Decision>(devEui: Eui64, decide: (device: Device) => D): Promise<Decided<D>> {
    return decideAndSave(this.#options.store, devEui, decide);
  }

  audit(
    actor: string,
    action: string,
    subject: string,
    details: Readonly<Record<string, unknown>> = {},
  ): AuditEvent {
    return { at: this.#options.clock.now(), actor, action, subject, details };
  }

  /** Tells whoever listens to events, the log among them. */
  publish(kind: EventKind, fields: Omit<JoinServerEvent, "kind" | "at">): void {
    this.#options.events.publish({ kind, at: this.#options.clock.now(), ...fields });
  }
}
