import { setImmediate } from "node:timers/promises";
import type { Device } from "../../../../join-server/device.ts";
import type { AuditEvent } from "../../../../join-server/ports/audit-log.ts";
import type {
  DevEuiPage,
  DeviceChange,
  DevicePage,
  DeviceQuery,
  DeviceStore,
  DeviceSummaryPage,
  DeviceTally,
  DueQuery,
  NewDevice,
  SaveOutcome,
  StuckQuery,
  UsedDevNonce,
} from "../../../../join-server/ports/device-store.ts";
import type { Vault } from "../../../../join-server/ports/vault.ts";
import type { UpdateAttempt } from "../../../../join-server/root-key-updates/update-attempt.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import { GroupedReads } from "../../../grouped-reads.ts";
import { GroupedWrites } from "../../../grouped-writes.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import { SealedUnderOldKeyError, withCurrentDataKey } from "../../current-data-key.ts";
import { type JoinRow, joinRowOf } from "../../join-row.ts";
import type { DeviceCodec, EncodedDevice } from "../../rows/device-codec.ts";
import { decodeSummary } from "../../rows/device-summary-codec.ts";
import { continueDevice, decodeRetiredDevice } from "../../rows/retired-device.ts";
import { deviceConditions } from "../../rows/searches/device-conditions.ts";
import { stuckConditions } from "../../rows/searches/update-conditions.ts";
import { ABOVE_UPDATE_IDS } from "../../rows/updates/attempt-codec.ts";
import { INSERT_NONCE, type JoinOutcome, SELECT_NONCE, writeJoinRows } from "../joins/join-row.ts";
import type { JoinRowWriter } from "../joins/join-row-writer.ts";
import type { SqliteAuditLog } from "../sqlite-audit-log.ts";
import type { SqliteDataKeys } from "../sqlite-data-keys.ts";
import type { SqliteErasure } from "../sqlite-erasure.ts";
import {
  COUNT_DEVICES,
  FORGET_DEVICE,
  INSERT_DEVICE,
  RETIRE_DEVICE,
  SELECT_DEVICE,
  UPDATE_BUT_ATTEMPT,
  UPDATE_WHOLE,
} from "./device-statements.ts";
import {
  type DeviceRows,
  findDevEuis,
  findDeviceRows,
  findDueDevEuis,
  findSummaryRows,
} from "./sqlite-device-search.ts";
import { tallyDevices } from "./sqlite-device-tally.ts";
import { listAttempts, saveAttempts } from "./sqlite-update-attempts.ts";

const FIRST_VERSION = 1;

/** Joins may go on after so many devices of a page: two keys are opened for each. */
const DECODED_AT_ONCE = 50;

/** What the devices need of the rest of the store. */
export interface SqliteDeviceParts {
  readonly vault: Vault;
  readonly codec: DeviceCodec;
  readonly audit: SqliteAuditLog;
  readonly dataKeys: SqliteDataKeys;
  readonly erasure: SqliteErasure;
  /** Undefined: each join is a transaction on the connection of the store. */
  readonly joins: JoinRowWriter | undefined;
}

export class SqliteDevices implements DeviceStore {
  readonly #database: SqliteDatabase;
  readonly #reads: GroupedReads;
  readonly #saves: GroupedWrites;
  readonly #parts: SqliteDeviceParts;

  constructor(database: SqliteDatabase, parts: SqliteDeviceParts) {
    this.#database = database;
    this.#reads = new GroupedReads(database);
    this.#saves = new GroupedWrites(database);
    this.#parts = parts;
  }

  loadDevice(devEui: Eui64): Promise<Device | undefined> {
    return withCurrentDataKey(this.#parts.vault, async () => {
      const row = await this.#reads.get(SELECT_DEVICE, devEui);
      return row && this.#parts.codec.decode(row);
    });
  }

  createDevices(devices: readonly NewDevice[], audit?: AuditEvent): Promise<boolean[]> {
    const { vault, codec, dataKeys } = this.#parts;
    return withCurrentDataKey(vault, () => {
      const sealedUnder = vault.sealingVersion;
      const rows = devices.map(({ device }) => codec.encodeNew(device));
      return this.#database.transaction(() => {
        dataKeys.requireCurrent(sealedUnder);
        const anyRetired =
          this.#database.get("SELECT 1 FROM retired_devices LIMIT 1") !== undefined;
        const areAdded = devices.map((added, index) => {
          const encoded = rows[index] as EncodedDevice;
          return (anyRetired && this.#insertRetired(added)) || this.#insertNew(added, encoded);
        });
        const count = areAdded.filter(Boolean).length;
        if (count === 0) return areAdded;
        this.#database.run(COUNT_DEVICES, count);
        this.#parts.audit.record(audit);
        return areAdded;
      });
    });
  }

  saveDevice(device: Device, change: DeviceChange = {}): Promise<SaveOutcome> {
    const { vault, codec } = this.#parts;
    return withCurrentDataKey(vault, async () => {
      const join = joinRowOf(codec, device, change);
      const written = join && (await this.#writeJoin(join));
      if (written === "old-data-key") throw new SealedUnderOldKeyError();
      if (written === undefined || written === "sealed-otherwise") {
        return await this.#saveWhole(device, change);
      }
      if (written === "saved") codec.saved(device);
      return written;
    });
  }

  deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean> {
    return Promise.try(() => {
      const isDeleted = this.#database.transaction(() => {
        if (this.#database.run(RETIRE_DEVICE, devEui) === 0) return false;
        for (const sql of FORGET_DEVICE) this.#database.run(sql, devEui);
        this.#database.run(COUNT_DEVICES, -1);
        this.#parts.audit.record(audit);
        return true;
      });
      if (isDeleted) this.#parts.erasure.request();
      return isDeleted;
    });
  }

  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage> {
    return withCurrentDataKey(this.#parts.vault, () =>
      this.#decodePage(findDeviceRows(this.#database, query, { limit, after: after ?? "" })),
    );
  }

  findDeviceSummaries(
    query: DeviceQuery,
    limit: number,
    after?: Eui64,
  ): Promise<DeviceSummaryPage> {
    const { vault } = this.#parts;
    return withCurrentDataKey(vault, () => {
      const { rows, next } = findSummaryRows(this.#database, query, { limit, after: after ?? "" });
      return { devices: rows.map((row) => decodeSummary(row, vault)), next };
    });
  }

  findDevEuis(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    const conditions = deviceConditions(query, "instr");
    return Promise.try(() =>
      findDevEuis(this.#database, conditions, { limit, after: after ?? "" }),
    );
  }

  findDueDevices(query: DueQuery, limit: number, after?: Eui64): Promise<Eui64[]> {
    return findDueDevEuis(this.#database, query, { limit, after: after ?? "" });
  }

  findStuckDevices(query: StuckQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    const conditions = stuckConditions(query);
    return Promise.try(() =>
      findDevEuis(this.#database, conditions, { limit, after: after ?? "" }),
    );
  }

  listUpdateAttempts(devEui: Eui64, limit: number, before?: number): Promise<UpdateAttempt[]> {
    const place = { limit, before: before ?? ABOVE_UPDATE_IDS };
    return Promise.try(() => listAttempts(this.#database, devEui, place));
  }

  countDevices(): Promise<number> {
    return Promise.try(() => {
      const row = this.#database.get("SELECT value FROM counters WHERE name = 'devices'");
      return Number(row?.["value"]);
    });
  }

  tallyDevices(): Promise<DeviceTally[]> {
    return tallyDevices(this.#database);
  }

  listUsedDevNonces(devEui: Eui64): Promise<UsedDevNonce[]> {
    return Promise.try(() =>
      this.#database.all("SELECT * FROM used_dev_nonces WHERE dev_eui = ?", devEui).map((row) => ({
        joinEui: row["join_eui"] as Eui64,
        devNonce: Number(row["dev_nonce"]),
      })),
    );
  }

  /** Before the database is closed: writes what is to be written together at the end of this turn. */
  flush(): void {
    this.#saves.flush();
  }

  async #decodePage({ rows, next }: DeviceRows): Promise<DevicePage> {
    const devices: Device[] = [];
    for (const row of rows) {
      devices.push(this.#parts.codec.decode(row));
      if (devices.length % DECODED_AT_ONCE === 0) await setImmediate();
    }
    return { devices, next };
  }

  #insertNew(added: NewDevice, encoded: EncodedDevice): boolean {
    const isAdded = this.#insertRow(added.device.devEui, FIRST_VERSION, encoded);
    if (isAdded) this.#insertNonces(added);
    return isAdded;
  }

  /** False when there has been no device of that DevEUI before. */
  #insertRetired(added: NewDevice): boolean {
    const { devEui } = added.device;
    const row = this.#database.get("SELECT * FROM retired_devices WHERE dev_eui = ?", devEui);
    if (row === undefined) return false;
    this.#database.run("DELETE FROM retired_devices WHERE dev_eui = ?", devEui);
    const device = continueDevice(added.device, decodeRetiredDevice(row));
    this.#insertRow(devEui, device.version, this.#parts.codec.encodeNew(device));
    this.#insertNonces(added);
    return true;
  }

  #insertNonces({ device, usedDevNonces }: NewDevice): void {
    for (const { joinEui, devNonce } of usedDevNonces) {
      this.#database.run(INSERT_NONCE, device.devEui, joinEui, devNonce);
    }
  }

  #insertRow(devEui: Eui64, version: number, { sealedUnder, values }: EncodedDevice): boolean {
    return this.#database.run(INSERT_DEVICE, devEui, version, sealedUnder, ...values) === 1;
  }

  async #writeJoin(row: JoinRow): Promise<JoinOutcome | undefined> {
    const { joins } = this.#parts;
    return joins === undefined ? writeJoinRows(this.#database, [row])[0] : await joins.write(row);
  }

  async #saveWhole(device: Device, change: DeviceChange): Promise<SaveOutcome> {
    const { codec, dataKeys } = this.#parts;
    const erasesRootKeys = codec.hasNewRootKeys(device);
    const encoded = codec.encode(device);
    const outcome = await this.#saves.transaction(() => {
      dataKeys.requireCurrent(encoded.sealedUnder);
      return this.#replace(device, encoded, change);
    });
    if (outcome === "saved") codec.saved(device);
    if (erasesRootKeys && outcome === "saved") this.#parts.erasure.request();
    return outcome;
  }

  #replace(device: Device, encoded: EncodedDevice, change: DeviceChange): SaveOutcome {
    const { devEui } = device;
    const { usedDevNonce, forgetsUsedDevNonces = false, endedAttempts, audit } = change;
    const nonce = usedDevNonce && [devEui, usedDevNonce.joinEui, usedDevNonce.devNonce];
    if (nonce && !forgetsUsedDevNonces && this.#database.get(SELECT_NONCE, ...nonce)) {
      return "dev-nonce-used";
    }
    if (!this.#updateRow(device, encoded)) return "version-conflict";
    if (forgetsUsedDevNonces) {
      this.#database.run("DELETE FROM used_dev_nonces WHERE dev_eui = ?", devEui);
    }
    if (nonce) this.#database.run(INSERT_NONCE, ...nonce);
    if (endedAttempts) saveAttempts(this.#database, devEui, endedAttempts);
    this.#parts.audit.record(audit);
    return "saved";
  }

  #updateRow({ devEui, version }: Device, encoded: EncodedDevice): boolean {
    const { sealedUnder, values, leavesAttempt } = encoded;
    const { update, updateAndReseal } = leavesAttempt ? UPDATE_BUT_ATTEMPT : UPDATE_WHOLE;
    return (
      this.#database.run(update, ...values, devEui, version, sealedUnder) === 1 ||
      this.#database.run(updateAndReseal, ...values, sealedUnder, devEui, version) === 1
    );
  }
}
