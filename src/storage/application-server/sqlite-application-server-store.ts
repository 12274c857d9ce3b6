import type { Downlink } from "../../application-server/downlinks/downlink.ts";
import type { NewEvent, StoredEvent } from "../../application-server/events.ts";
import type { ReplacedSession, Session } from "../../application-server/session.ts";
import type { ApplicationServerStore, Device } from "../../application-server/store.ts";
import type { UplinkRecord } from "../../application-server/uplinks/uplink-record.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { GroupedWrites } from "../grouped-writes.ts";
import { type Row, SqliteDatabase } from "../sqlite-database.ts";
import { DownlinkRows } from "./downlink-rows.ts";
import { EventRows } from "./event-rows.ts";
import { RootKeyRows } from "./root-key-rows.ts";
import { MIGRATIONS } from "./schema.ts";
import { SessionRows } from "./session-rows.ts";
import { UplinkRows } from "./uplink-rows.ts";

const EVENTS_KEPT = 10_000;
/** Some 10 ms, in which nobody else is answered. */
const WRITES_IN_ONE_TRANSACTION = 100;

/**
 * Of the log: each uplink changes three indexes in places of their own and the newest pages again and again, which are folded
 * into the file once for many uplinks. Nobody waits for an Application Server as a device waits for its Join-accept.
 */
const CHECKPOINT_PAGES = 4_000;

/** The Application Server's store in one SQLite file. */
export class SqliteApplicationServerStore implements ApplicationServerStore {
  readonly rootKeys: RootKeyRows;
  readonly #database: SqliteDatabase;
  readonly #groupedWrites: GroupedWrites;
  readonly #sessions: SessionRows;
  readonly #uplinks: UplinkRows;
  readonly #downlinks: DownlinkRows;
  readonly #events: EventRows;

  /**
   * @param path a file, or `:memory:` for tests
   * @throws WarrenError `storage-failed`
   */
  constructor(path: string, eventsKept: number = EVENTS_KEPT) {
    this.#database = new SqliteDatabase(path, MIGRATIONS, { checkpointPages: CHECKPOINT_PAGES });
    this.#groupedWrites = new GroupedWrites(this.#database, WRITES_IN_ONE_TRANSACTION);
    this.#sessions = new SessionRows(this.#database);
    this.#uplinks = new UplinkRows(this.#database);
    this.#downlinks = new DownlinkRows(this.#database);
    this.rootKeys = new RootKeyRows(this.#database);
    this.#events = new EventRows(this.#database, eventsKept);
  }

  close(): void {
    this.#groupedWrites.flush();
    this.#database.close();
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  groupedTransaction<T>(work: () => T): Promise<T> {
    return this.#groupedWrites.transaction(work);
  }

  device(devEui: Eui64): Device | undefined {
    const row = this.#database.get("SELECT * FROM devices WHERE dev_eui = ?", devEui);
    return row === undefined ? undefined : readDevice(row);
  }

  devices(after: Eui64 | undefined, limit: number): Device[] {
    return this.#database
      .all("SELECT * FROM devices WHERE dev_eui > ? ORDER BY dev_eui LIMIT ?", after ?? "", limit)
      .map(readDevice);
  }

  saveDevice({ devEui, macVersion, createdAtMs }: Device): void {
    this.#database.run(
      `INSERT INTO devices (dev_eui, mac_version, created_at_ms) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET mac_version = excluded.mac_version`,
      devEui,
      macVersion,
      createdAtMs,
    );
  }

  currentSession(devEui: Eui64): Session | undefined {
    return this.#sessions.current(devEui);
  }

  replacedSessions(devEui: Eui64): ReplacedSession[] {
    return this.#sessions.replaced(devEui);
  }

  startSession(session: Session): void {
    this.#sessions.start(session);
  }

  saveFCntDown(session: Session): void {
    this.#sessions.saveFCntDown(session);
  }

  isUplinkSeen(uplink: Pick<UplinkRecord, "devEui" | "sessionKeyId" | "fCntUp">): boolean {
    return this.#uplinks.isSeen(uplink);
  }

  addUplink(record: UplinkRecord): void {
    this.#uplinks.add(record);
  }

  uplinks(devEui: Eui64): UplinkRecord[] {
    return this.#uplinks.latest(devEui);
  }

  forgetUplinks(devEui: Eui64, sessionKeyId: string): void {
    this.#uplinks.forget(devEui, sessionKeyId);
  }

  downlink(downlinkId: string): Downlink | undefined {
    return this.#downlinks.get(downlinkId);
  }

  downlinks(devEui: Eui64): Downlink[] {
    return this.#downlinks.latest(devEui);
  }

  unansweredDownlinks(): Downlink[] {
    return this.#downlinks.unanswered();
  }

  saveDownlink(downlink: Downlink): void {
    this.#downlinks.save(downlink);
  }

  addEvent(event: NewEvent): void {
    this.#events.add(event);
  }

  eventsAfter(id: number, limit: number, devEui?: Eui64): StoredEvent[] {
    return this.#events.after(id, limit, devEui);
  }

  lastEventId(): number {
    return this.#events.lastId();
  }
}

function readDevice(row: Row): Device {
  return {
    devEui: row["dev_eui"] as Device["devEui"],
    macVersion: row["mac_version"] as Device["macVersion"],
    createdAtMs: row["created_at_ms"] as number,
  };
}
