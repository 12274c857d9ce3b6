import { WarrenError } from "../../errors.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { Device, DeviceChange, OutboxMessage } from "../../network-server/session/device.ts";
import type {
  DeviceStep,
  MessageBatch,
  NetworkServerStore,
  RootKeyLimits,
  SessionLimits,
  StepOutcome,
  StoredMessage,
} from "../../network-server/store.ts";
import { type Row, SqliteDatabase } from "../sqlite-database.ts";
import { type CountedUplink, countedUplink } from "./counted-uplink.ts";
import { DeviceMemory } from "./device-memory.ts";
import { loadDevice, saveDevice } from "./device-rows.ts";
import { rootKeyUpdatesDue, sessionUpdatesDue } from "./due-devices.ts";
import { OutboxBatches } from "./outbox-batches.ts";
import { findDueMessages, findNextDueAt } from "./outbox-rows.ts";
import { NETWORK_SERVER_MIGRATIONS } from "./schema.ts";
import { UplinkJournal } from "./uplink-journal.ts";

/** Fewer steps than this are written into the devices' own rows at once. */
const MIN_JOURNALED = 8;
/** After this time without a group, what is in the journal goes into the rows. */
const IDLE_MS = 1_000;
/** Then some devices at a time, with pauses. */
const STILL_IDLE_MS = 10;

/**
 * The Network Server's state in one SQLite file. It holds network session keys in clear, no others. Devices used
 * last are kept in memory, so no other process may write to the file.
 */
export class SqliteNetworkServerStore implements NetworkServerStore {
  readonly #database: SqliteDatabase;
  readonly #memory = new DeviceMemory();
  readonly #journal: UplinkJournal;
  readonly #batches: OutboxBatches;
  #idleTimer: NodeJS.Timeout | undefined;

  /**
   * @param path a file, or `:memory:` for tests
   * @param foldAfter uplinks in the journal after which it is folded into the rows; default 100,000
   */
  constructor(path: string, foldAfter?: number) {
    this.#database = new SqliteDatabase(path, NETWORK_SERVER_MIGRATIONS);
    this.#journal = new UplinkJournal(this.#database, foldAfter);
    this.#batches = new OutboxBatches(this.#database);
  }

  close(): void {
    clearTimeout(this.#idleTimer);
    while (this.#isUntidy) this.#tidyUp();
    this.#database.close();
  }

  findDevice(devEui: Eui64): Device | undefined {
    const known = this.#journal.get(devEui) ?? this.#memory.get(devEui);
    if (known !== undefined) return known;
    const device = loadDevice(this.#database, devEui);
    if (device !== undefined) this.#memory.keep(device);
    return device;
  }

  listDevices(after = "", count = -1): readonly Device[] {
    return this.#devices(
      this.#database.all(
        "SELECT dev_eui FROM device WHERE dev_eui > ? ORDER BY dev_eui LIMIT ?",
        after,
        count,
      ),
    );
  }

  findDevicesByDevAddr(devAddr: DevAddr): readonly Device[] {
    const devEuis = this.#memory.devEuisOf(devAddr, () =>
      this.#database
        .all("SELECT DISTINCT dev_eui FROM session WHERE dev_addr = ?", devAddr)
        .map((row) => row["dev_eui"] as Eui64),
    );
    return devEuis.flatMap((devEui) => this.findDevice(devEui) ?? []);
  }

  saveDevices(devices: readonly Device[]): void {
    const saved = new Map<Eui64, { before: Device | undefined; after: Device }>();
    this.#database.transaction(() => {
      for (const device of devices) {
        const { devEui } = device;
        const earlier = saved.get(devEui);
        const before = earlier === undefined ? this.findDevice(devEui) : earlier.before;
        this.#saveRows(earlier?.after ?? before, device);
        saved.set(devEui, { before, after: device });
      }
    });
    for (const { before, after } of saved.values()) this.#saved(before, after);
  }

  changeDevice<Change extends DeviceChange>(
    devEui: Eui64,
    step: (device: Device) => Change,
  ): Change {
    const { before, change } = this.#take({ devEui, step });
    if (change.device === before && change.messages.length === 0) return change;
    const stored = this.#database.transaction(() => {
      this.#saveRows(before, change.device);
      return this.#batches.store(change.messages, false);
    });
    this.#saved(before, change.device);
    stored();
    return change;
  }

  changeDevices<Change extends DeviceChange>(
    steps: readonly DeviceStep<Change>[],
  ): readonly StepOutcome<Change>[] {
    const taken = steps.map((step) => orError(() => this.#take(step)));
    const changes = taken.flatMap((each) => ("result" in each ? each.result : []));
    try {
      this.#writeGroup(changes);
    } catch (error) {
      if (!(error instanceof WarrenError) || steps.length === 1) throw error;
      return steps.map(({ devEui, step }) => {
        const each = orError(() => this.changeDevice(devEui, step));
        return "result" in each ? { change: each.result } : each;
      });
    }
    return taken.map((each) => ("result" in each ? { change: each.result.change } : each));
  }

  findRootKeyUpdatesDue(limits: RootKeyLimits, now: number, count: number): readonly Device[] {
    return this.#devices(rootKeyUpdatesDue(this.#database, limits, { now, count }));
  }

  findSessionUpdatesDue(limits: SessionLimits, now: number, count: number): readonly Device[] {
    return this.#devices(sessionUpdatesDue(this.#database, limits, { now, count }));
  }

  findInterruptedDownlinks(): readonly Device[] {
    return this.#devices(
      this.#database.all("SELECT DISTINCT dev_eui FROM downlink WHERE is_sending = 1"),
    );
  }

  dueMessages(now: number, count: number): readonly StoredMessage[] {
    return findDueMessages(this.#database, now, count);
  }

  nextMessageDueAt(): number | undefined {
    return findNextDueAt(this.#database);
  }

  deleteMessages(ids: readonly number[]): void {
    this.#database.transaction(() => {
      for (const id of ids) this.#database.run("DELETE FROM outbox WHERE id = ?", id);
    });
    this.#batches.lookForRows();
  }

  postponeMessage(id: number, dueAt: number): void {
    this.#database.run(
      "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE id = ?",
      dueAt,
      id,
    );
  }

  batchAsIds(): readonly string[] {
    return this.#batches.asIds;
  }

  batchCount(asId: string): number {
    return this.#batches.countOf(asId);
  }

  firstBatches(asId: string, count: number): readonly MessageBatch[] {
    return this.#batches.first(asId, count);
  }

  heldBack(batch: MessageBatch): readonly OutboxMessage[] {
    return this.#batches.heldBack(batch);
  }

  settleBatch(batch: MessageBatch, left: readonly OutboxMessage[]): void {
    this.#batches.settle(batch, left);
    this.#tidyUpWhenIdle();
  }

  /** The change of one step, before anything is written. */
  #take<Change extends DeviceChange>({ devEui, step }: DeviceStep<Change>): Taken<Change> {
    const before = this.findDevice(devEui);
    if (before === undefined) throw new WarrenError("device-unknown", `no device ${devEui} here`);
    return { before, change: step(before) };
  }

  #writeGroup(changes: readonly Taken<DeviceChange>[]): void {
    const isMany = changes.length >= MIN_JOURNALED;
    const journaled: { readonly device: Device; readonly uplink: CountedUplink }[] = [];
    const others: Taken<DeviceChange>[] = [];
    for (const taken of changes) {
      const { device } = taken.change;
      const uplink = isMany ? countedUplink(taken.before, device) : undefined;
      if (uplink === undefined) others.push(taken);
      else journaled.push({ device, uplink });
    }
    const committed = this.#database.transaction(() => {
      const folded = this.#journal.foldSome(false);
      for (const { before, change } of others) this.#saveRows(before, change.device);
      if (journaled.length > 0) this.#journal.append(journaled.map(({ uplink }) => uplink));
      const messages = changes.flatMap(({ change }) => change.messages);
      const stored = this.#batches.store(messages, true);
      return [folded, stored, this.#batches.deleteSettled()];
    });
    for (const done of committed) done();
    for (const { before, change } of others) this.#saved(before, change.device);
    if (journaled.length === 0) return;
    this.#journal.appended(journaled.map(({ device }) => device));
    for (const { device } of journaled) this.#memory.keep(device);
    this.#tidyUpWhenIdle();
  }

  #saveRows(before: Device | undefined, device: Device): void {
    const isBehind = this.#journal.get(device.devEui) !== undefined;
    const saved = before && { device: before, isBehind };
    saveDevice(this.#database, device, { saved, journaled: this.#journal.lastId });
  }

  /** All of a device is in its rows, and on disk. */
  #saved(before: Device | undefined, device: Device): void {
    this.#journal.written(device.devEui);
    this.#memory.replace(before, device);
  }

  get #isUntidy(): boolean {
    return this.#journal.isAhead || this.#batches.hasSettled;
  }

  #tidyUpWhenIdle(afterMs = IDLE_MS): void {
    if (this.#idleTimer !== undefined) {
      this.#idleTimer.refresh();
      return;
    }
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = undefined;
      // A database that refuses now is asked again: what is not tidied up is stored all the same.
      const isRefused = this.#isUntidy && "error" in orError(() => this.#tidyUp());
      if (this.#isUntidy) this.#tidyUpWhenIdle(isRefused ? IDLE_MS : STILL_IDLE_MS);
    }, afterMs).unref();
  }

  #tidyUp(): void {
    const committed = this.#database.transaction(() => [
      this.#journal.foldSome(true),
      this.#batches.deleteSettled(),
    ]);
    for (const done of committed) done();
  }

  #devices(rows: readonly Row[]): readonly Device[] {
    return rows.flatMap((row) => this.findDevice(row["dev_eui"] as Eui64) ?? []);
  }
}

interface Taken<Change extends DeviceChange> {
  readonly before: Device;
  readonly change: Change;
}

function orError<Result>(
  work: () => Result,
): { readonly result: Result } | { readonly error: unknown } {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
}
