import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { GroupedWrites } from "../../src/storage/grouped-writes.ts";
import { SqliteDatabase } from "../../src/storage/sqlite-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const folder = temporaryFolder();
const MIGRATIONS = [
  `CREATE TABLE one (id INTEGER PRIMARY KEY, value TEXT NOT NULL);
   CREATE TABLE other (one INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED)`,
];
const INSERT = "INSERT INTO one VALUES (?, ?)";

function open(name: string, most?: number) {
  const path = join(folder, name);
  const database = new SqliteDatabase(path, MIGRATIONS);
  const other = new SqliteDatabase(path, MIGRATIONS);
  const writes = new GroupedWrites(database, most);
  const insert = (id: number, value: string | null = "a") =>
    writes.transaction(() => database.run(INSERT, id, value));
  return {
    ...{ database, writes, insert },
    ids: () => other.all("SELECT id FROM one ORDER BY id").map(({ id }) => id),
    close: () => {
      database.close();
      other.close();
    },
  };
}

describe("GroupedWrites", () => {
  it("writes in one transaction what is asked in one turn", async (t) => {
    const { database, insert, ids, close } = open("together.db");
    const { mock } = t.mock.method(database, "transaction");
    const later = Promise.resolve().then(() => insert(3));
    assert.deepEqual(await Promise.all([insert(1), insert(2), later]), [1, 1, 1]);
    assert.equal(mock.callCount(), 1);
    await insert(4);
    assert.equal(mock.callCount(), 2);
    assert.deepEqual(ids(), [1, 2, 3, 4]);
    close();
  });

  it("writes no more at a time than it is told, the rest in the turns after", async (t) => {
    const { database, insert, ids, close } = open("parts.db", 2);
    const { mock } = t.mock.method(database, "transaction");
    const told: number[] = [];
    const all = [1, 2, 3, 4, 5].map((id) => insert(id).then(() => told.push(id)));
    await all[1];
    assert.deepEqual(
      [ids(), told],
      [
        [1, 2],
        [1, 2],
      ],
    );
    await Promise.all(all);
    assert.deepEqual(ids(), [1, 2, 3, 4, 5]);
    assert.equal(mock.callCount(), 3);
    close();
  });

  it("tells nobody before it is committed, which may fail", async () => {
    const { database, writes, insert, ids, close } = open("committed.db");
    // Its work ends well; only the commit finds that there is no such `one`.
    const other = writes.transaction(() => database.run("INSERT INTO other VALUES (99)"));
    const outcomes = await Promise.allSettled([insert(1), other]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
    assert.deepEqual(ids(), [1]);
    assert.deepEqual(database.all("SELECT * FROM other"), []);
    close();
  });

  it("rolls back the one that fails, and no other", async () => {
    const { database, writes, insert, ids, close } = open("failed.db");
    const half = writes.transaction(() => {
      database.run(INSERT, 7, "half");
      throw new RangeError("of its own");
    });
    const outcomes = await Promise.allSettled([insert(1), insert(2, null), half, insert(3)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected", "fulfilled"],
    );
    await assert.rejects(() => insert(1), warrenError("storage-failed"));
    await assert.rejects(half, RangeError);
    assert.deepEqual(ids(), [1, 3]);
    close();
  });

  it("flushes before its turn all that waits", async () => {
    const { writes, insert, ids, close } = open("flushed.db", 1);
    const waiting = [insert(1), insert(2)];
    writes.flush();
    assert.deepEqual(ids(), [1, 2]);
    assert.deepEqual(await Promise.all(waiting), [1, 1]);
    close();
  });
});
