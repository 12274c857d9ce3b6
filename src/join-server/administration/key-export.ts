import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../device.ts";
import { loadKnownDevice } from "../load-known-device.ts";
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

/** Root keys leave only through here: sealed for somebody, and on record before. Session keys never do. */
export class KeyExport {
  readonly #store: DeviceStore & AuditLog;
  readonly #changes: DeviceChanges;

  constructor(store: DeviceStore & AuditLog, changes: DeviceChanges) {
    this.#store = store;
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
    }
    const usedDevNonces = new Map<Eui64, readonly UsedDevNonce[]>();
    for (const { devEui } of devices) {
      const used = await this.#store.listUsedDevNonces(devEui);
      if (used.length > 0) usedDevNonces.set(devEui, used);
    }
    return { devices, usedDevNonces, next };
  }
}
