import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WarrenError } from "../../src/errors.ts";
import { PostgresDatabase, refusalOf } from "../../src/storage/postgres-database.ts";
import { parsePostgresUrl } from "../../src/storage/postgres-url.ts";
import { makeCa, makeCertificate } from "../support/certificates.ts";
import { POSTGRES_PASSWORD, POSTGRES_SKIP, usePostgres } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const postgres = usePostgres();
const MIGRATIONS = [
  `CREATE TABLE one (id INTEGER PRIMARY KEY, big BIGINT, value BYTEA, CONSTRAINT small CHECK (id < 100));
   CREATE TABLE two (id INTEGER PRIMARY KEY);`,
];
/** Well under JOIN_ACCEPT_DELAY1. */
const LONGEST_ANSWER_MS = 4_500;

function open(url: string, migrations: readonly string[] = MIGRATIONS): Promise<PostgresDatabase> {
  return PostgresDatabase.open({ url, maxConnections: 4 }, migrations);
}

describe("PostgresDatabase", { skip: POSTGRES_SKIP }, () => {
  let url: string;
  let database: PostgresDatabase;
  before(async () => {
    url = await postgres().createDatabase();
    database = await open(url);
  });
  after(() => database.close());

  const count = async () => Number((await database.get("SELECT count(*) AS n FROM one"))?.["n"]);
  const insert = (id: number) => database.run("INSERT INTO one (id) VALUES ($1)", id);

  it("gives rows, the first row and the number of changed rows", async () => {
    const value = Uint8Array.of(0, 1, 255);
    const sql = "INSERT INTO one (id, big, value) VALUES ($1, $2, $3)";
    assert.equal(await database.run(sql, 1, 2 ** 53 - 1, value), 1);
    assert.equal(await database.run(sql, 2, null, null), 1);
    const rows = await database.all("SELECT * FROM one ORDER BY id");
    assert.deepEqual(
      rows.map((row) => row["id"]),
      [1, 2],
    );
    assert.equal(Number(rows[0]?.["big"]), 2 ** 53 - 1);
    assert.deepEqual(new Uint8Array(rows[0]?.["value"] as Uint8Array), value);
    assert.deepEqual(rows[1], { id: 2, big: null, value: null });
    assert.deepEqual(await database.get("SELECT id FROM one WHERE id = $1", 2), { id: 2 });
    assert.equal(await database.get("SELECT id FROM one WHERE id = $1", 9), undefined);
    assert.equal(
      await database.run("DELETE FROM one WHERE id = ANY($1::integer[])", ["1", "2"]),
      2,
    );
  });

  it("commits a transaction as a whole or not at all, and throws on what was thrown", async () => {
    await database.transaction(async (statements) => {
      await statements.run("INSERT INTO one (id) VALUES (10)");
      await statements.run("INSERT INTO one (id) VALUES (11)");
      assert.equal(await count(), 0);
    });
    assert.equal(await count(), 2);
    const failure = new Error("in between");
    const half = database.transaction(async (statements) => {
      await statements.run("DELETE FROM one");
      throw failure;
    });
    await assert.rejects(half, (error) => error === failure);
    const refused = database.transaction(async (statements) => {
      await statements.run("DELETE FROM one");
      await statements.run("INSERT INTO one (id) VALUES (100)");
    });
    await assert.rejects(refused, (error) => refusalOf(error)?.constraint === "small");
    assert.equal(await count(), 2);
  });

  it("sees one state of the database throughout a snapshot", async () => {
    await database.transaction(
      async (statements) => {
        const before_ = await statements.all("SELECT id FROM one ORDER BY id");
        await insert(20);
        assert.deepEqual(await statements.all("SELECT id FROM one ORDER BY id"), before_);
      },
      { kind: "snapshot" },
    );
    const writing = database.transaction((statements) => statements.run("DELETE FROM one"), {
      kind: "snapshot",
    });
    await assert.rejects(writing, warrenError("storage-failed"));
  });

  it("keeps a snapshot while whoever reads it is busy with what it has read", async () => {
    const timeoutIn = async (kind: "write" | "snapshot") =>
      await database.transaction(
        (statements) =>
          statements.get("SELECT current_setting('idle_in_transaction_session_timeout') AS value"),
        { kind, statementTimeoutMs: 60_000 },
      );
    assert.deepEqual(await timeoutIn("snapshot"), { value: "1min" });
    assert.deepEqual(await timeoutIn("write"), { value: "10s" });
  });

  it("says what constraint was violated, and no values of the row", async () => {
    await insert(30);
    await assert.rejects(insert(30), (error) => {
      assert.ok(error instanceof WarrenError && error.code === "storage-failed");
      assert.equal(refusalOf(error)?.constraint, "one_pkey");
      assert.ok(!JSON.stringify([error, error.cause, error.message]).includes("30"));
      return true;
    });
  });

  it("ends a statement that takes too long, and its connections serve on", async () => {
    const started = performance.now();
    const slow = Array.from({ length: 4 }, () => database.run("SELECT pg_sleep(20)"));
    for (const outcome of await Promise.allSettled(slow)) assert.equal(outcome.status, "rejected");
    assert.ok(performance.now() - started < LONGEST_ANSWER_MS);
    assert.equal(await insert(40), 1);
  });

  it("does not make a request wait for a free connection for long", async () => {
    const hold = () =>
      database.transaction((statements) => statements.run("SELECT pg_sleep(3)"), {
        statementTimeoutMs: 10_000,
      });
    const held = Array.from({ length: 4 }, hold);
    const started = performance.now();
    await assert.rejects(insert(41), warrenError("storage-failed"));
    assert.ok(performance.now() - started < LONGEST_ANSWER_MS);
    await Promise.all(held);
    assert.equal(await insert(41), 1);
  });

  for (const way of ["kill", "stop"] as const) {
    it(`fails cleanly while the server is away (${way}), and goes on when it is back`, async () => {
      const ids = Array.from({ length: 20 }, (_, index) => 50 + index);
      await database.run("DELETE FROM one");
      const underWay = ids.map((id) =>
        database.transaction(async (statements) => {
          await statements.run("INSERT INTO one (id) VALUES ($1)", id);
          await sleep(20);
          await statements.run("UPDATE one SET big = 1 WHERE id = $1", id);
        }),
      );
      const ended = Promise.allSettled(underWay);
      await sleep(30);
      await postgres()[way]();
      const outcomes = await ended;
      const started = performance.now();
      await assert.rejects(insert(90), warrenError("storage-failed"));
      assert.ok(performance.now() - started < LONGEST_ANSWER_MS);
      await postgres().resume();
      const stored = (await database.all("SELECT id, big FROM one")).map((row) => {
        assert.equal(row["big"], "1", "half a transaction");
        return row["id"];
      });
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === "fulfilled") assert.ok(stored.includes(ids[index]));
        else assert.ok(warrenError("storage-failed")(outcome.reason), String(outcome.reason));
      }
      assert.ok(outcomes.some(({ status }) => status === "rejected"));
    });
  }

  it("fails in time when the server hangs", async () => {
    const { pid } = (await database.get("SELECT pg_backend_pid() AS pid")) as { pid: number };
    process.kill(pid, "SIGSTOP");
    try {
      const started = performance.now();
      const hanging = Array.from({ length: 4 }, () => database.run("DELETE FROM one"));
      const outcomes = await Promise.allSettled(hanging);
      assert.equal(outcomes.filter(({ status }) => status === "rejected").length, 1);
      assert.ok(performance.now() - started < LONGEST_ANSWER_MS);
      assert.equal(await insert(91), 1);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("gives a transaction up in time when the server hangs in the middle of it", async () => {
    let pid = 0;
    let hangsSince = 0;
    const hanging = database.transaction(async (statements) => {
      pid = Number((await statements.get("SELECT pg_backend_pid() AS pid"))?.["pid"]);
      process.kill(pid, "SIGSTOP");
      hangsSince = performance.now();
      await statements.run("INSERT INTO one (id) VALUES (92)");
    });
    try {
      await assert.rejects(hanging, warrenError("storage-failed"));
      assert.ok(performance.now() - hangsSince < 3_000);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    assert.equal(await insert(92), 1);
  });

  it("migrates once when two processes start at once, and only forwards", async () => {
    const fresh = await postgres().createDatabase();
    const both = await Promise.all([open(fresh), open(fresh)]);
    for (const one of both) await one.close();
    const next = await open(fresh, [...MIGRATIONS, "CREATE TABLE three (id INTEGER)"]);
    assert.deepEqual(await next.all("SELECT * FROM three"), []);
    await next.close();
    await assert.rejects(open(fresh), /newer version \(schema 2, this program knows 1\)/);
  });

  it("migrates wholly or not at all", async () => {
    const fresh = await postgres().createDatabase();
    await assert.rejects(open(fresh, [...MIGRATIONS, "CREATE TABLE three (); DROP TABLE four"]));
    const again = await open(fresh, [...MIGRATIONS, "CREATE TABLE three (id INTEGER)"]);
    await again.close();
  });

  it("does not serve from a database that forgets", async () => {
    const fresh = await postgres().createDatabase();
    const name = parsePostgresUrl(fresh).database;
    await postgres().execute("postgres", `ALTER DATABASE ${name} SET synchronous_commit = off`);
    await assert.rejects(open(fresh), /synchronous_commit off/);
  });

  it("tells why it cannot get in, without the password", async () => {
    const wrong: [string, RegExp][] = [
      [url.replace(POSTGRES_PASSWORD, "very-wrong"), /password authentication failed/],
      [url.replace(/\/[^/]*$/, "/nowhere"), /database "nowhere" does not exist/],
      [url.replace(/:\d+\//, ":1/"), /ECONNREFUSED/],
      [`${url}?sslmode=require`, /does not support SSL/],
    ];
    for (const [one, reason] of wrong) {
      await assert.rejects(open(one), (error) => {
        assert.ok(error instanceof WarrenError && error.code === "storage-failed");
        assert.match(error.message, reason);
        assert.doesNotMatch(JSON.stringify([error, error.message, error.stack]), /very-wrong/);
        return true;
      });
    }
  });

  it("speaks only to the server that it was told of, over TLS", async () => {
    const [ca, otherCa] = [await makeCa(), await makeCa()];
    const options = { issuer: ca, dnsNames: ["localhost"], usage: "server" } as const;
    await postgres().enableTls(await makeCertificate(options));
    const folder = temporaryFolder();
    const [right, wrong] = [join(folder, "right.pem"), join(folder, "wrong.pem")];
    writeFileSync(right, ca.cert);
    writeFileSync(wrong, otherCa.cert);
    const named = url.replace("127.0.0.1", "localhost");
    const secured = await open(`${named}?sslmode=verify-full&sslrootcert=${right}`);
    const sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert.deepEqual(await secured.get(sql), { ssl: true });
    await secured.close();
    await (await open(`${url}?sslmode=require`)).close();
    for (const refused of [
      `${named}?sslmode=verify-full&sslrootcert=${wrong}`,
      `${named}?sslmode=verify-full`,
      `${url}?sslmode=verify-full&sslrootcert=${right}`,
    ]) {
      await assert.rejects(open(refused), warrenError("storage-failed"));
    }
  });

  it("says storage-failed once it is closed", async () => {
    const closed = await open(url);
    await closed.close();
    await closed.close();
    await assert.rejects(closed.all("SELECT 1"), warrenError("storage-failed"));
  });
});

describe("parsePostgresUrl", () => {
  it("reads all parts, with the defaults of PostgreSQL", () => {
    assert.deepEqual(parsePostgresUrl("postgres://u%40x:p%2Fw@[::1]:6000/a%20b"), {
      host: "::1",
      port: 6000,
      database: "a b",
      user: "u@x",
      password: "p/w",
      ssl: false,
    });
    const socket = parsePostgresUrl("postgresql:///warren?host=/run/postgresql");
    assert.deepEqual([socket.host, socket.port, socket.ssl], ["/run/postgresql", 5432, false]);
    assert.deepEqual([socket.user, socket.password], [undefined, undefined]);
  });

  it("verifies the server wherever it is not this machine, unless told otherwise", () => {
    const ssl = (url: string) => parsePostgresUrl(url).ssl;
    const host = "db.example";
    assert.deepEqual(ssl("postgresql://db.example/w"), { host, rejectUnauthorized: true });
    assert.deepEqual(ssl("postgresql://db.example/w?sslmode=require"), {
      ...{ host, rejectUnauthorized: false },
    });
    assert.equal(ssl("postgresql://db.example/w?sslmode=disable"), false);
    assert.deepEqual(ssl("postgresql://localhost/w?sslmode=verify-full"), {
      ...{ host: "localhost", rejectUnauthorized: true },
    });
    const withCa = ssl(`postgresql://db.example/w?sslrootcert=${import.meta.filename}`);
    assert.ok(withCa && String(withCa.ca).includes("parsePostgresUrl"));
  });

  for (const url of [
    "",
    "postgresql://",
    "postgresql://host-only",
    "postgresql:///database-only",
    "mysql://u:secret@host/db",
    "u:secret@host/db",
    "postgresql://u:secret@host:99999/db",
    "postgresql://u:secret@host/db?sslmode=maybe",
    "postgresql://u:secret@host/db?sslrootcert=/no/such/file",
    "postgresql://u:secret@host/db?channel_binding=require",
    "postgresql://u:secret%of@host/db",
    "postgresql://u:1234?secret@host/db",
    "postgresql://u:1234/secret@host/db",
    "postgresql://u:1234?secret=1@host/db",
  ]) {
    it(`refuses ${url}, without repeating it`, () => {
      assert.throws(
        () => parsePostgresUrl(url),
        (error) => warrenError("configuration-invalid")(error) && !/secret/.test(String(error)),
      );
    });
  }
});
