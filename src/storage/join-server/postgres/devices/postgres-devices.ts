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
import type { PostgresDatabase, PostgresStatements } from "../../../postgres-database.ts";
import { withCurrentDataKey } from "../../current-data-key.ts";
import { joinRowOf } from "../../join-row.ts";
import type { DeviceCodec, EncodedDevice } from "../../rows/device-codec.ts";
import { decodeSummary } from "../../rows/device-summary-codec.ts";
import { deviceConditions } from "../../rows/searches/device-conditions.ts";
import { TallySum, tallySql } from "../../rows/searches/device-tally.ts";
import { stuckConditions } from "../../rows/searches/update-conditions.ts";
import { ABOVE_UPDATE_IDS } from "../../rows/updates/attempt-codec.ts";
import type { PostgresAuditLog } from "../postgres-audit-log.ts";
import { checkSealing } from "../postgres-data-keys.ts";
import { analyzeGrown } from "../statements/analyze-grown.ts";
import { GroupedJoins } from "./grouped-joins.ts";
import { GroupedLoads } from "./grouped-loads.ts";
import { insertDevices } from "./insert-devices.ts";
import {
  findDevEuis,
  findDeviceRows,
  findDueDevEuis,
  findSummaryRows,
} from "./postgres-device-search.ts";
import { listAttempts, saveAttempts } from "./postgres-update-attempts.ts";
import { replaceDevice } from "./replace-device.ts";

const RECORD_NONCE = `INSERT INTO used_dev_nonces (dev_eui, join_eui, dev_nonce) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;
const RETIRED_COLUMNS = [
  "dev_eui",
  "version",
  "join_nonce",
  "last_dev_nonce",
  "rj_count1",
  "last_update_id",
];
const RETIRE_DEVICE = `WITH deleted AS (
    DELETE FROM devices WHERE dev_eui = $1
    RETURNING ${RETIRED_COLUMNS.join(", ")}
  ), forgotten_attempts AS (
    DELETE FROM update_attempts WHERE dev_eui = $1
  ), forgotten_members AS (
    DELETE FROM campaign_members WHERE dev_eui = $1
  )
  INSERT INTO retired_devices (${RETIRED_COLUMNS.join(", ")})
  SELECT * FROM deleted
  ON CONFLICT (dev_eui) DO UPDATE
  SET ${RETIRED_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;

/** For what an operator asks for and a join does not wait for. */
const ADMINISTRATION_TIMEOUT_MS = 60_000;

/** What the devices need of the rest of the store. */
export interface PostgresDeviceParts {
  readonly vault: Vault;
  readonly codec: DeviceCodec;
  readonly audit: PostgresAuditLog;
}

export class PostgresDevices implements DeviceStore {
  readonly #database: PostgresDatabase;
  readonly #parts: PostgresDeviceParts;
  readonly #joins: GroupedJoins;
  readonly #loads: GroupedLoads;

  constructor(database: PostgresDatabase, parts: PostgresDeviceParts) {
    this.#database = database;
    this.#parts = parts;
    this.#joins = new GroupedJoins(database);
    this.#loads = new GroupedLoads(database);
  }

  loadDevice(devEui: Eui64): Promise<Device | undefined> {
    return withCurrentDataKey(this.#parts.vault, async () => {
      const row = await this.#loads.load(devEui);
      return row && this.#parts.codec.decode(row);
    });
  }

  async createDevices(devices: readonly NewDevice[], audit?: AuditEvent): Promise<boolean[]> {
    const { vault, codec } = this.#parts;
    const create = async (statements: PostgresStatements): Promise<boolean[]> => {
      const areAdded = await insertDevices(statements, devices, codec);
      if (areAdded.includes(true)) await this.#parts.audit.record(statements, [audit]);
      return areAdded;
    };
    const added = await withCurrentDataKey(vault, () =>
      checkSealing(
        this.#database.transaction(create, { statementTimeoutMs: ADMINISTRATION_TIMEOUT_MS }),
      ),
    );
    if (added.includes(true)) await analyzeGrown(this.#database, ["devices", "used_dev_nonces"]);
    return added;
  }

  saveDevice(device: Device, change: DeviceChange = {}): Promise<SaveOutcome> {
    const { vault, codec } = this.#parts;
    return withCurrentDataKey(vault, async () => {
      const join = joinRowOf(codec, device, change);
      const written = join && (await this.#joins.write(join));
      const outcome = written ?? (await checkSealing(this.#saveWhole(device, change)));
      if (outcome === "saved") codec.saved(device);
      return outcome;
    });
  }

  deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (statements) => {
      if ((await statements.run(RETIRE_DEVICE, devEui)) === 0) return false;
      await this.#parts.audit.record(statements, [audit]);
      return true;
    });
  }

  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage> {
    const { vault, codec } = this.#parts;
    const place = { limit, after: after ?? "" };
    return withCurrentDataKey(vault, async () => {
      const { rows, next } = await findDeviceRows(this.#database, query, place);
      return { devices: rows.map((row) => codec.decode(row)), next };
    });
  }

  findDeviceSummaries(
    query: DeviceQuery,
    limit: number,
    after?: Eui64,
  ): Promise<DeviceSummaryPage> {
    const { vault } = this.#parts;
    const place = { limit, after: after ?? "" };
    return withCurrentDataKey(vault, async () => {
      const { rows, next } = await findSummaryRows(this.#database, query, place);
      return { devices: rows.map((row) => decodeSummary(row, vault)), next };
    });
  }

  findDevEuis(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    const conditions = deviceConditions(query, "strpos");
    return findDevEuis(this.#database, conditions, { limit, after: after ?? "" });
  }

  findDueDevices(query: DueQuery, limit: number, after?: Eui64): Promise<Eui64[]> {
    return findDueDevEuis(this.#database, query, { limit, after: after ?? "" });
  }

  findStuckDevices(query: StuckQuery, limit: number, after?: Eui64): Promise<DevEuiPage> {
    const conditions = stuckConditions(query);
    return findDevEuis(this.#database, conditions, { limit, after: after ?? "" });
  }

  listUpdateAttempts(devEui: Eui64, limit: number, before?: number): Promise<UpdateAttempt[]> {
    return listAttempts(this.#database, devEui, { limit, before: before ?? ABOVE_UPDATE_IDS });
  }

  async countDevices(): Promise<number> {
    const row = await this.#database.transaction(
      (statements) => statements.get("SELECT count(*) AS count FROM devices"),
      { statementTimeoutMs: ADMINISTRATION_TIMEOUT_MS },
    );
    return Number(row?.["count"]);
  }

  async tallyDevices(): Promise<DeviceTally[]> {
    const rows = await this.#database.transaction((statements) => statements.all(tallySql()), {
      kind: "snapshot",
      statementTimeoutMs: ADMINISTRATION_TIMEOUT_MS,
    });
    const sum = new TallySum();
    sum.add(rows);
    return sum.tallies();
  }

  async listUsedDevNonces(devEui: Eui64): Promise<UsedDevNonce[]> {
    const sql = `SELECT join_eui, dev_nonce FROM used_dev_nonces WHERE dev_eui = $1
                 ORDER BY join_eui, dev_nonce`;
    return (await this.#database.all(sql, devEui)).map((row) => ({
      joinEui: row["join_eui"] as Eui64,
      devNonce: Number(row["dev_nonce"]),
    }));
  }

  #saveWhole(device: Device, change: DeviceChange): Promise<SaveOutcome> {
    const encoded = this.#parts.codec.encode(device);
    const isOneStatement =
      change.audit === undefined &&
      change.forgetsUsedDevNonces !== true &&
      change.endedAttempts === undefined;
    if (isOneStatement) {
      return replaceDevice(this.#database, device, { encoded, nonce: change.usedDevNonce });
    }
    return this.#database.transaction((statements) =>
      this.#saveWithMore(statements, device, { encoded, change }),
    );
  }

  /** In a transaction, since the audit log is of all devices. */
  async #saveWithMore(
    statements: PostgresStatements,
    device: Device,
    save: { readonly encoded: EncodedDevice; readonly change: DeviceChange },
  ): Promise<SaveOutcome> {
    const { usedDevNonce, forgetsUsedDevNonces = false, endedAttempts = [], audit } = save.change;
    const nonce = forgetsUsedDevNonces ? undefined : usedDevNonce;
    const outcome = await replaceDevice(statements, device, { encoded: save.encoded, nonce });
    if (outcome !== "saved") return outcome;
    if (forgetsUsedDevNonces) {
      await statements.run("DELETE FROM used_dev_nonces WHERE dev_eui = $1", device.devEui);
      if (usedDevNonce !== undefined) {
        const { joinEui, devNonce } = usedDevNonce;
        await statements.run(RECORD_NONCE, device.devEui, joinEui, devNonce);
      }
    }
    await saveAttempts(statements, device.devEui, endedAttempts);
    await this.#parts.audit.record(statements, [audit]);
    return "saved";
  }
}
