import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../../network-server/session/device.ts";
import type { SqliteDatabase } from "../sqlite-database.ts";
import {
  type CountedUplink,
  formatCountedUplink,
  parseCountedUplinks,
  writeCountedUplink,
} from "./counted-uplink.ts";

/** Uplinks in the journal after which it is folded into the rows, if nobody says otherwise. */
const FOLD_AFTER = 100_000;
/** Devices folded with each group. */
const FOLDED_AT_ONCE = 256;

interface Fold {
  /** By rising DevEUI: neighbours share pages of the database. */
  readonly devEuis: readonly Eui64[];
  /** The last entry that is in the rows once it is done. */
  readonly upTo: number;
  done: number;
}

/**
 * What a group of uplinks has counted, as one row of the database instead of two for each device: pages are
 * what a transaction costs. Folded into the devices' own rows from time to time, many neighbours at once, and
 * when the database is opened; until then memory has what is true of these devices.
 */
export class UplinkJournal {
  readonly #database: SqliteDatabase;
  readonly #foldAfter: number;
  /** Devices whose rows are behind the journal, as they are now. */
  readonly #ahead = new Map<Eui64, Device>();
  #lastId: number;
  #entries = 0;
  #fold: Fold | undefined;

  /** Folds what the last process has left. */
  constructor(database: SqliteDatabase, foldAfter = FOLD_AFTER) {
    this.#database = database;
    this.#foldAfter = foldAfter;
    this.#lastId = Number(
      database.get("SELECT seq FROM sqlite_sequence WHERE name = 'uplink_journal'")?.["seq"] ?? 0,
    );
    this.#foldLeftOver();
  }

  /** The last entry there is: rows written now hold what is in it. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Whether there are entries that are not in the rows, or may not be. */
  get isAhead(): boolean {
    return this.#entries > 0 || this.#fold !== undefined;
  }

  /** The device, if its rows are behind. */
  get(devEui: Eui64): Device | undefined {
    return this.#ahead.get(devEui);
  }

  /** Adds an entry; to be called in a transaction, and `appended` once it is committed. */
  append(uplinks: readonly CountedUplink[]): void {
    this.#database.run(
      "INSERT INTO uplink_journal (id, uplinks) VALUES (?, ?)",
      this.#lastId + 1,
      uplinks.map(formatCountedUplink).join(","),
    );
  }

  appended(devices: readonly Device[]): void {
    this.#lastId += 1;
    this.#entries += devices.length;
    for (const device of devices) this.#ahead.set(device.devEui, device);
  }

  /** All of its rows have been written. */
  written(devEui: Eui64): void {
    this.#ahead.delete(devEui);
  }

  /**
   * Writes some devices into their rows if it is time to; in a transaction, before anything newer of them is written
   * there.
   *
   * @param isIdle nothing else is to be done: as soon as anything is there
   * @returns what to call once it is committed
   */
  foldSome(isIdle: boolean): () => void {
    if (this.#fold === undefined && (isIdle ? this.isAhead : this.#entries >= this.#foldAfter)) {
      this.#fold = { devEuis: [...this.#ahead.keys()].sort(), upTo: this.#lastId, done: 0 };
      this.#entries = 0;
    }
    const fold = this.#fold;
    if (fold === undefined) return () => undefined;
    const folded = fold.devEuis.slice(fold.done, fold.done + FOLDED_AT_ONCE);
    for (const devEui of folded) this.#write(devEui);
    const isDone = fold.done + folded.length === fold.devEuis.length;
    if (isDone) this.#database.run("DELETE FROM uplink_journal WHERE id <= ?", fold.upTo);
    return () => {
      for (const devEui of folded) this.#ahead.delete(devEui);
      fold.done += folded.length;
      if (isDone) this.#fold = undefined;
    };
  }

  #write(devEui: Eui64): void {
    const device = this.#ahead.get(devEui);
    const { fCntUp, lastUplink, frameCount } = device?.current ?? {};
    if (device === undefined || fCntUp === undefined || lastUplink === undefined) return;
    const { rootKeyUsage, lastSeenAt = 0 } = device;
    const counted = { fCntUp, lastUplink, frameCount: frameCount ?? 0, lastSeenAt };
    writeCountedUplink(
      this.#database,
      { devEui, ...counted, rootKeyFrames: rootKeyUsage.frames },
      this.#lastId,
    );
  }

  #foldLeftOver(): void {
    const last = new Map<Eui64, { readonly uplink: CountedUplink; readonly id: number }>();
    for (const row of this.#database.all("SELECT id, uplinks FROM uplink_journal ORDER BY id")) {
      for (const uplink of parseCountedUplinks(row["uplinks"] as string)) {
        last.set(uplink.devEui, { uplink, id: row["id"] as number });
      }
    }
    if (last.size === 0) return;
    this.#database.transaction(() => {
      for (const devEui of [...last.keys()].sort()) {
        const { uplink, id } = last.get(devEui) as { uplink: CountedUplink; id: number };
        // Rows that were written after the entry hold more than it does.
        if (this.#journaledOf(devEui) < id) writeCountedUplink(this.#database, uplink, id);
      }
      this.#database.run("DELETE FROM uplink_journal");
    });
  }

  #journaledOf(devEui: Eui64): number {
    const row = this.#database.get("SELECT journaled FROM device WHERE dev_eui = ?", devEui);
    return Number(row?.["journaled"] ?? Number.POSITIVE_INFINITY);
  }
}
