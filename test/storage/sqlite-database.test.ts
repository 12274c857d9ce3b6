import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SqliteDatabase } from "../../src/storage/sqlite-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const folder = temporaryFolder();
const MIGRATIONS = ["CREATE TABLE one (id INTEGER PRIMARY KEY, value BLOB)"];

function open(name: string, migrations: readonly string[] = MIGRATIONS): SqliteDatabase {
  return new SqliteDatabase(join(folder, name), migrations);
}

describe("SqliteDatabase", () => {
  it("makes its folder and its files for the owner alone", () => {
    const database = open("deep/er/a.db");
    database.run("INSERT INTO one (value) VALUES (?)", Uint8Array.of(1));
    for (const name of ["deep/er/a.db", "deep/er/a.db-wal", "deep/er/a.db-shm"]) {
      assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
    }
    assert.equal(statSync(join(folder, "deep/er")).mode & 0o777, 0o700);
    database.close();
  });

  it("survives the loss of power and overwrites what is erased", () => {
    const database = open("pragmas.db");
    assert.equal(database.get("PRAGMA journal_mode")?.["journal_mode"], "wal");
    assert.equal(database.get("PRAGMA synchronous")?.["synchronous"], 2);
    assert.equal(database.get("PRAGMA secure_delete")?.["secure_delete"], 1);
    database.close();
  });

  it("folds its log into the file again and again, as much at a time as it is told", () => {
    for (const [checkpointPages, mostPages] of [
      [undefined, 1_000],
      [200, 200],
    ] as const) {
      const name = `checkpoints-${mostPages}.db`;
      const options = checkpointPages === undefined ? {} : { checkpointPages };
      const database = new SqliteDatabase(join(folder, name), MIGRATIONS, options);
      for (let id = 0; id < 2_000; id++) database.run("INSERT INTO one (value) VALUES ('value')");
      // Pages of 4,096 octets with 24 before each; and those of one more commit.
      const pages = statSync(join(folder, `${name}-wal`)).size / 4_120;
      assert.ok(pages > mostPages - 10 && pages < mostPages + 10, `${pages} pages`);
      database.close();
    }
  });

  it("gives rows, the first row and the number of changed rows", () => {
    const database = open("rows.db");
    for (const value of [1, 2, 3]) {
      assert.equal(database.run("INSERT INTO one (value) VALUES (?)", Uint8Array.of(value)), 1);
    }
    assert.equal(database.all("SELECT * FROM one").length, 3);
    assert.deepEqual(
      database.get("SELECT value FROM one WHERE id = ?", 2)?.["value"],
      Uint8Array.of(2),
    );
    assert.equal(database.get("SELECT value FROM one WHERE id = 9"), undefined);
    assert.equal(database.run("DELETE FROM one WHERE id < 3"), 2);
    database.close();
  });

  it("commits a transaction as a whole or not at all", () => {
    const database = open("transactions.db");
    const count = () => database.get("SELECT count(*) AS n FROM one")?.["n"];
    const insert = () => database.run("INSERT INTO one (value) VALUES (x'00')");
    assert.equal(
      database.transaction(() => insert() + insert()),
      2,
    );
    const failure = new Error("in between");
    assert.throws(
      () =>
        database.transaction(() => {
          insert();
          throw failure;
        }),
      (error) => error === failure,
    );
    assert.throws(
      () => database.transaction(() => insert() + database.run("INSERT INTO nowhere VALUES (1)")),
      warrenError("storage-failed"),
    );
    assert.equal(count(), 2);
    assert.equal(database.transaction(insert), 1);
    database.close();
  });

  it("says storage-failed without repeating a value", () => {
    const database = open("errors.db");
    database.run("INSERT INTO one (id) VALUES (424242)");
    assert.throws(
      () => database.run("INSERT INTO one (id) VALUES (?)", 424242),
      (error: Error) => {
        assert.ok(warrenError("storage-failed")(error));
        assert.ok(!`${error.message}${(error.cause as Error).message}`.includes("424242"));
        return true;
      },
    );
    database.close();
    assert.throws(() => database.get("SELECT 1"), warrenError("storage-failed"));
    assert.throws(() => database.transaction(() => 1), warrenError("storage-failed"));
  });

  it("brings an old schema up to date, once, and keeps what is in it", () => {
    const first = open("migrated.db");
    first.run("INSERT INTO one (value) VALUES (x'07')");
    first.close();
    const migrations = [...MIGRATIONS, "ALTER TABLE one ADD COLUMN more TEXT DEFAULT 'x'"];
    for (let count = 0; count < 2; count++) {
      const second = open("migrated.db", migrations);
      assert.equal(second.get("SELECT more FROM one")?.["more"], "x");
      assert.equal(second.get("PRAGMA user_version")?.["user_version"], 2);
      second.close();
    }
  });

  it("leaves a schema that fails to migrate as it was", () => {
    open("half.db").close();
    const broken = [...MIGRATIONS, "CREATE TABLE two (id); CREATE TABLE one (id)"];
    assert.throws(() => open("half.db", broken), warrenError("storage-failed"));
    const database = open("half.db");
    assert.equal(database.get("PRAGMA user_version")?.["user_version"], 1);
    assert.equal(database.all("SELECT name FROM sqlite_master WHERE name = 'two'").length, 0);
    database.close();
  });

  it("refuses a file of a newer program, of something else, or in no place at all", () => {
    open("newer.db", [...MIGRATIONS, "CREATE TABLE two (id)"]).close();
    assert.throws(() => open("newer.db"), warrenError("storage-failed"));
    const path = join(folder, "text.db");
    writeFileSync(
      path,
      "this is no database, but it is long enough to be taken for one".repeat(20),
    );
    assert.throws(() => open("text.db"), warrenError("storage-failed"));
    assert.match(readFileSync(path, "utf8"), /^this is no database/);
    assert.throws(() => open("text.db/x.db"), warrenError("storage-failed"));
    assert.throws(() => open("."), warrenError("storage-failed"));
  });

  it("empties its log at a checkpoint and when it is closed", () => {
    const database = open("log.db");
    const log = join(folder, "log.db-wal");
    database.run("INSERT INTO one (value) VALUES (x'00')");
    assert.ok(statSync(log).size > 0);
    database.checkpoint();
    assert.equal(statSync(log).size, 0);
    database.run("INSERT INTO one (value) VALUES (x'00')");
    database.close();
    database.close();
    assert.throws(() => statSync(log));
  });

  it("waits for another connection that writes", () => {
    const [one, two] = [open("shared.db"), open("shared.db")];
    one.run("INSERT INTO one (value) VALUES (x'01')");
    assert.equal(two.get("SELECT count(*) AS n FROM one")?.["n"], 1);
    two.run("INSERT INTO one (value) VALUES (x'02')");
    assert.equal(one.get("SELECT count(*) AS n FROM one")?.["n"], 2);
    one.close();
    two.close();
  });

  it("lives in memory for tests", () => {
    const database = new SqliteDatabase(":memory:", MIGRATIONS);
    assert.equal(database.run("INSERT INTO one (value) VALUES (x'00')"), 1);
    database.checkpoint();
    database.close();
  });
});
