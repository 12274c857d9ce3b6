import type { LabelledKek } from "../../backend/key-envelope.ts";
import { importKek } from "../../crypto/key-wrap.ts";
import type { Device } from "../../join-server/device.ts";
import type {
  ApplicationServerPeer,
  AppSKeyDelivery,
  NetworkServerPeer,
} from "../../join-server/peers.ts";
import type {
  DeviceChange,
  DevicePage,
  DeviceQuery,
  NewDevice,
  SaveOutcome,
  UsedDevNonce,
} from "../../join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { Eui64, NetId } from "../../lorawan/identifiers.ts";
import { type Row, SqliteDatabase } from "../sqlite-database.ts";
import { DEVICE_COLUMNS, decodeDevice, encodeDevice } from "./device-codec.ts";
import { JOIN_SERVER_MIGRATIONS } from "./schema.ts";

const INSERT_DEVICE = `INSERT INTO devices (dev_eui, version, ${DEVICE_COLUMNS.join(", ")})
  VALUES (?, 1, ${DEVICE_COLUMNS.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`;
const UPDATE_DEVICE = `UPDATE devices SET version = version + 1,
  ${DEVICE_COLUMNS.map((column) => `${column} = ?`).join(", ")} WHERE dev_eui = ? AND version = ?`;

/** The Join Server's store in one SQLite file. A promise that resolves means: on disk. */
export class SqliteJoinServerStore implements JoinServerStore {
  readonly #database: SqliteDatabase;

  /** @throws WarrenError `storage-failed` */
  constructor(path: string) {
    this.#database = new SqliteDatabase(path, JOIN_SERVER_MIGRATIONS);
  }

  close(): void {
    this.#database.close();
  }

  loadDevice(devEui: Eui64): Promise<Device | undefined> {
    return Promise.try(() => {
      const row = this.#database.get("SELECT * FROM devices WHERE dev_eui = ?", devEui);
      return row && decodeDevice(row);
    });
  }

  createDevice(device: Device): Promise<boolean> {
    return Promise.try(
      () => this.#database.run(INSERT_DEVICE, device.devEui, ...encodeDevice(device)) === 1,
    );
  }

  saveDevice(device: Device, usedDevNonce?: UsedDevNonce): Promise<SaveOutcome> {
    return Promise.try(() => {
      const erasesRootKeys = this.#isNewGeneration(device);
      const outcome = this.#database.transaction((): SaveOutcome => {
        // The nonce goes first: it is refused only when it was there before this transaction.
        if (usedDevNonce !== undefined && !this.#insertDevNonce(device.devEui, usedDevNonce)) {
          return "dev-nonce-used";
        }
        const changed = this.#database.run(
          UPDATE_DEVICE,
          ...encodeDevice(device),
          device.devEui,
          device.version,
        );
        if (changed === 1) return "saved";
        if (usedDevNonce !== undefined) this.#removeDevNonce(device.devEui, usedDevNonce);
        return "version-conflict";
      });
      // The old root keys are out of the row now, but still stand in the write-ahead log.
      if (erasesRootKeys && outcome === "saved") this.#database.checkpoint();
      return outcome;
    });
  }

  listDevices(limit: number, after?: Eui64): Promise<Device[]> {
    return Promise.try(() =>
      this.#database
        .all("SELECT * FROM devices WHERE dev_eui > ? ORDER BY dev_eui LIMIT ?", after ?? "", limit)
        .map(decodeDevice),
    );
  }

  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined> {
    return Promise.try(() => {
      const row = this.#database.get("SELECT * FROM network_servers WHERE net_id = ?", netId);
      return row && { netId, url: (row["url"] as string | null) ?? undefined, kek: kekOf(row) };
    });
  }

  saveNetworkServer(peer: NetworkServerPeer): Promise<void> {
    return Promise.try(() => {
      this.#database.run(
        "INSERT OR REPLACE INTO network_servers (net_id, url, kek_label, kek) VALUES (?, ?, ?, ?)",
        peer.netId,
        peer.url ?? null,
        ...kekColumns(peer.kek),
      );
    });
  }

  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined> {
    return Promise.try(() => {
      const row = this.#database.get("SELECT * FROM application_servers WHERE as_id = ?", asId);
      return (
        row && {
          asId,
          kek: kekOf(row),
          appSKeyDelivery: row["app_s_key_delivery"] as AppSKeyDelivery,
        }
      );
    });
  }

  saveApplicationServer(peer: ApplicationServerPeer): Promise<void> {
    return Promise.try(() => {
      this.#database.run(
        `INSERT OR REPLACE INTO application_servers (as_id, kek_label, kek, app_s_key_delivery)
         VALUES (?, ?, ?, ?)`,
        peer.asId,
        ...kekColumns(peer.kek),
        peer.appSKeyDelivery,
      );
    });
  }

  #isNewGeneration({ devEui, rootKeys }: Device): boolean {
    if (rootKeys.update?.status !== "committed") return false;
    const row = this.#database.get("SELECT generation FROM devices WHERE dev_eui = ?", devEui);
    return row !== undefined && Number(row["generation"]) !== rootKeys.generation;
  }

  #insertDevNonce(devEui: Eui64, { joinEui, devNonce }: UsedDevNonce): boolean {
    return (
      this.#database.run(
        "INSERT INTO used_dev_nonces VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        devEui,
        joinEui,
        devNonce,
      ) === 1
    );
  }

  #removeDevNonce(devEui: Eui64, { joinEui, devNonce }: UsedDevNonce): void {
    this.#database.run(
      "DELETE FROM used_dev_nonces WHERE dev_eui = ? AND join_eui = ? AND dev_nonce = ?",
      devEui,
      joinEui,
      devNonce,
    );
  }
}

function kekOf(row: Row): LabelledKek {
  return { label: row["kek_label"] as string, kek: importKek(row["kek"] as Uint8Array) };
}

function kekColumns({ label, kek }: LabelledKek): [string, Uint8Array] {
  return [label, new Uint8Array(kek.export())];
}
