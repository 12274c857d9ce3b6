import { WarrenError } from "../../../../errors.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresDatabase } from "../../../postgres-database.ts";
import { GroupedWork } from "../../grouped-work.ts";
import type { StoredRow } from "../../rows/column.ts";
import { hiddenArray } from "../statements/hidden-array.ts";
import { SELECT_DEVICE } from "./postgres-device-search.ts";

/** With the type once more: `ANY (SELECT ...)` would be the rows of a query. */
const SELECT_DEVICES = `${SELECT_DEVICE} WHERE dev_eui = ANY(${hiddenArray(1, "text")}::text[])`;

/** While one group is on its way back, the next one is read. */
const GROUPS_UNDER_WAY = 2;
const DEVICES_A_GROUP = 64;
/** As long as a join waits to be written. */
const MAX_WAIT_MS = 1_000;

/** Rows of devices, those that are asked for at once in one statement. */
export class GroupedLoads {
  readonly #database: Pick<PostgresDatabase, "all">;
  readonly #groups: GroupedWork<Eui64, StoredRow | undefined>;

  constructor(database: Pick<PostgresDatabase, "all">) {
    this.#database = database;
    this.#groups = new GroupedWork({
      work: (devEuis) => this.#read(devEuis),
      keyOf: (devEui) => devEui,
      maxItems: DEVICES_A_GROUP,
      maxUnderWay: GROUPS_UNDER_WAY,
      maxWaitMs: MAX_WAIT_MS,
      tooLate: () =>
        new WarrenError("storage-failed", "the PostgreSQL database is too slow for what is asked"),
      isForAll: (error) => error instanceof WarrenError,
    });
  }

  /** As it is on record at some time after the call. @throws WarrenError `storage-failed` */
  load(devEui: Eui64): Promise<StoredRow | undefined> {
    return this.#groups.do(devEui);
  }

  async #read(devEuis: readonly Eui64[]): Promise<readonly (StoredRow | undefined)[]> {
    const rows = await this.#database.all(SELECT_DEVICES, devEuis);
    const byDevEui = new Map(rows.map((row) => [row["dev_eui"], row]));
    return devEuis.map((devEui) => byDevEui.get(devEui));
  }
}
