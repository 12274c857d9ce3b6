import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { GroupedReads } from "../../src/storage/grouped-reads.ts";
import { SqliteDatabase } from "../../src/storage/sqlite-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const folder = temporaryFolder();
const MIGRATIONS = ["CREATE TABLE one (id INTEGER PRIMARY KEY, value TEXT)"];
const SELECT = "SELECT value FROM one WHERE id = ?";

function open(name: string): { database: SqliteDatabase; other: SqliteDatabase } {
  const path = join(folder, name);
  const database = new SqliteDatabase(path, MIGRATIONS);
  for (const id of [1, 2, 3]) database.run("INSERT INTO one VALUES (?, ?)", id, `value ${id}`);
  return { database, other: new SqliteDatabase(path, MIGRATIONS) };
}

describe("GroupedReads", () => {
  it("gives each its own row, or none, in whatever number they come", async () => {
    const { database, other } = open("rows.db");
    const reads = new GroupedReads(database);
    assert.deepEqual(await reads.get(SELECT, 2), { value: "value 2" });
    const rows = await Promise.all([3, 4, 1].map((id) => reads.get(SELECT, id)));
    assert.deepEqual(rows, [{ value: "value 3" }, undefined, { value: "value 1" }]);
    database.close();
    other.close();
  });

  it("sees what another connection has written before it was asked, and after it has read", async () => {
    const { database, other } = open("written.db");
    const reads = new GroupedReads(database);
    const values = async () =>
      (await Promise.all([1, 2].map((id) => reads.get(SELECT, id)))).map((row) => row?.["value"]);
    for (const value of ["a", "b", "c"]) {
      other.run("UPDATE one SET value = ?", value);
      assert.deepEqual(await values(), [value, value]);
    }
    database.close();
    other.close();
  });

  it("reads in one transaction what is asked in one turn, and without any what is asked alone", async (t) => {
    const { database, other } = open("together.db");
    const reads = new GroupedReads(database);
    const { mock } = t.mock.method(database, "snapshot");
    await reads.get(SELECT, 1);
    assert.equal(mock.callCount(), 0);
    const later = Promise.resolve().then(() => reads.get(SELECT, 3));
    await Promise.all([reads.get(SELECT, 1), reads.get(SELECT, 2), later]);
    assert.equal(mock.callCount(), 1);
    database.close();
    other.close();
  });

  it("fails those alone that the database refuses", async () => {
    const { database, other } = open("refused.db");
    const reads = new GroupedReads(database);
    const [first, refused, last] = await Promise.allSettled([
      reads.get(SELECT, 1),
      reads.get("SELECT abs(-9223372036854775808) FROM one"),
      reads.get(SELECT, 3),
    ]);
    assert.equal(first?.status, "fulfilled");
    assert.equal(last?.status, "fulfilled");
    assert.ok(refused?.status === "rejected" && warrenError("storage-failed")(refused.reason));
    // And leaves no transaction behind.
    database.transaction(() => database.run("DELETE FROM one"));
    database.close();
    other.close();
  });

  it("fails what is asked of a database that is closed meanwhile", async () => {
    const { database, other } = open("closed.db");
    const reads = new GroupedReads(database);
    const asked = [1, 2].map((id) => reads.get(SELECT, id));
    database.close();
    for (const each of asked) await assert.rejects(each, warrenError("storage-failed"));
    other.close();
  });
});
