import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../device.ts";
import { loadKnownDevice } from "../load-known-device.ts";
import type { PolicyBook } from "../policies/policy-book.ts";
import { policyOfDevice } from "../policies/policy-levels.ts";
import { wantUpdateAfter } from "../policies/want-update.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { DeviceQuery, DeviceStore, UsedDevNonce } from "../ports/device-store.ts";
import type { DeviceChanges } from "./device-changes.ts";

/** Whom exported keys are for: only who has the KEK or the private key can read them. */
export interface KeyRecipient {
  readonly kind: "kek" | "jwk";
  /** Of the KEK, or the thumbprint (RFC 7638) of the JWK. */
  readonly fingerprint: string;
}

/** Devices with all that another server needs, for whoever seals them at once. */
export interface ExportPage {
  readonly devices: readonly Device[];
  /** By DevEUI; only of devices whose DevNonces are random. */
  readonly usedDevNonces: ReadonlyMap<Eui64, readonly UsedDevNonce[]>;
  readonly next: Eui64 | undefined;
}

/** Which devices, as in a search. */
export interface ExportQuery {
  readonly query: DeviceQuery;
  readonly limit: number;
  readonly after?: Eui64 | undefined;
}

export interface KeyExportOptions {
  readonly store: DeviceStore & AuditLog;
  readonly policies: Pick<PolicyBook, "levels">;
}

/**
 * Root keys leave only through here: sealed for somebody, and on record before. Session keys never do. Where
 * the policy of a device says so, new root keys are wanted from then on.
 */
export class KeyExport {
  readonly #store: DeviceStore & AuditLog;
  readonly #policies: Pick<PolicyBook, "levels">;
  readonly #changes: DeviceChanges;

  constructor({ store, policies }: KeyExportOptions, changes: DeviceChanges) {
    this.#store = store;
    this.#policies = policies;
    this.#changes = changes;
  }

  /**
   * The root keys of one device, sealed by `seal`. The entry in the audit log is on disk before this
   * returns.
   *
   * @throws WarrenError `device-unknown`, and what `seal` throws
   */
  async exportOne<T>(
    devEui: Eui64,
    recipient: KeyRecipient,
    request: { readonly actor: string; readonly seal: (device: Device) => Promise<T> | T },
  ): Promise<T> {
    const device = await loadKnownDevice(this.#store, devEui);
    const sealed = await request.seal(device);
    const { generation } = device.rootKeys;
    const details = { recipient, generation };
    await this.#store.appendAudit([
      this.#changes.audit(request.actor, "key.export", devEui, details),
    ]);
    await this.#wantUpdates([device]);
    return sealed;
  }

  /**
   * One page of devices with their root keys, to be sealed by the caller. The entry in the audit log, with
   * every DevEUI, is on disk before this returns.
   */
  async exportPage(
    { query, limit, after }: ExportQuery,
    recipient: KeyRecipient,
    actor: string,
  ): Promise<ExportPage> {
    const { devices, next } = await this.#store.findDevices(query, limit, after);
    if (devices.length > 0) {
      const devEuis = devices.map(({ devEui }) => devEui);
      const details = { recipient, count: devEuis.length, devEuis };
      await this.#store.appendAudit([this.#changes.audit(actor, "key.export", "", details)]);
      await this.#wantUpdates(devices);
    }
    const usedDevNonces = new Map<Eui64, readonly UsedDevNonce[]>();
    for (const { devEui } of devices) {
      const used = await this.#store.listUsedDevNonces(devEui);
      if (used.length > 0) usedDevNonces.set(devEui, used);
    }
    return { devices, usedDevNonces, next };
  }
  /** One save each, and only for devices whose policy names exports. */
  async #wantUpdates(devices: readonly Device[]): Promise<void> {
    const levels = await this.#policies.levels();
    const want = (device: Device) =>
      wantUpdateAfter(device, "key-export", policyOfDevice(levels, device));
    for (const device of devices) {
      if (want(device) === device) continue;
      await this.#changes.decide(device.devEui, (stored) => ({ device: want(stored) }));
    }
  }
}
