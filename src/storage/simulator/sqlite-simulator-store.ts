import type { DeviceProfile } from "../../simulator/device/device-profile.ts";
import type { DeviceState } from "../../simulator/device/device-state.ts";
import type { SimulatorStore, StoredDevice } from "../../simulator/simulator-store.ts";
import { SqliteDatabase } from "../sqlite-database.ts";
import { formatProfile, formatState, parseProfile, parseState } from "./state-json.ts";

const MIGRATIONS = [
  `CREATE TABLE device (
     dev_eui TEXT PRIMARY KEY,
     profile TEXT NOT NULL,
     state TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
];

/** The memories of all simulated devices in one SQLite file. */
export class SqliteSimulatorStore implements SimulatorStore {
  readonly #database: SqliteDatabase;
  #isTogether = false;

  /** @throws WarrenError `storage-failed` */
  constructor(path: string) {
    this.#database = new SqliteDatabase(path, MIGRATIONS);
  }

  loadDevices(): readonly StoredDevice[] {
    return this.#database.all("SELECT profile, state FROM device ORDER BY dev_eui").map((row) => ({
      profile: parseProfile(String(row["profile"])),
      state: parseState(String(row["state"])),
    }));
  }

  saveDevices(devices: readonly StoredDevice[]): void {
    this.together(() => {
      for (const device of devices) this.#saveDevice(device);
    });
  }

  #saveDevice({ profile, state }: StoredDevice): void {
    this.#database.run(
      `INSERT INTO device (dev_eui, profile, state) VALUES (?, ?, ?)
       ON CONFLICT (dev_eui) DO UPDATE SET profile = excluded.profile, state = excluded.state`,
      profile.devEui,
      formatProfile(profile),
      formatState(state),
    );
  }

  /** A transaction in which nothing is written touches no disk. */
  together(work: () => void): void {
    if (this.#isTogether) {
      work();
      return;
    }
    this.#isTogether = true;
    try {
      this.#database.transaction(work);
    } finally {
      this.#isTogether = false;
    }
  }

  saveState(profile: DeviceProfile, state: DeviceState): void {
    this.#database.run(
      "UPDATE device SET state = ? WHERE dev_eui = ?",
      formatState(state),
      profile.devEui,
    );
  }

  close(): void {
    this.#database.close();
  }
}
