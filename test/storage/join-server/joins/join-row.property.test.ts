import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import type { JoinRow } from "../../../../src/storage/join-server/join-row.ts";
import {
  type JoinOutcome,
  writeJoinRows,
} from "../../../../src/storage/join-server/sqlite/joins/join-row.ts";
import { SqliteDatabase } from "../../../../src/storage/sqlite-database.ts";

const DEVICES = ["0000000000000001", "0000000000000002", "0000000000000003"] as Eui64[];
const JOIN_EUI = "70b3d57ed0000001" as Eui64;

/** The columns that a join reads or writes. */
const SCHEMA = `CREATE TABLE devices (
    dev_eui TEXT PRIMARY KEY, version INTEGER NOT NULL, sealed_under INTEGER NOT NULL,
    generation_sessions INTEGER, last_gateway_id TEXT, join_nonce INTEGER, last_dev_nonce INTEGER,
    rj_count1 INTEGER, last_dev_addr TEXT, last_join_at INTEGER, sessions BLOB, room BLOB
  ) STRICT;
  CREATE TABLE used_dev_nonces (dev_eui TEXT, join_eui TEXT, dev_nonce INTEGER,
    PRIMARY KEY (dev_eui, join_eui, dev_nonce)) STRICT;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER) STRICT;
  INSERT INTO counters VALUES ('least-sealing-version', 2);
  INSERT INTO devices (dev_eui, version, sealed_under) VALUES
    ('0000000000000001', 1, 2), ('0000000000000002', 1, 2), ('0000000000000003', 1, 3)`;

const joinRow: fc.Arbitrary<JoinRow> = fc
  .record({
    devEui: fc.constantFrom(...DEVICES),
    version: fc.integer({ min: 1, max: 3 }),
    sealedUnder: fc.constantFrom(1, 2, 2, 2, 3),
    joinNonce: fc.nat(1000),
    devNonce: fc.option(fc.nat(2), { nil: undefined }),
  })
  .map(({ joinNonce, devNonce, ...place }) => ({
    ...place,
    values: [1, null, joinNonce, null, null, "02000001", 5, Uint8Array.of(joinNonce & 0xff)],
    usedDevNonce: devNonce === undefined ? undefined : { joinEui: JOIN_EUI, devNonce },
  }));

describe("writeJoinRows", () => {
  it("does to many rows at once what it does to one after the other", () => {
    fc.assert(
      fc.property(fc.array(joinRow, { maxLength: 12 }), (rows) => {
        const together = write((database) => writeJoinRows(database, rows));
        const oneByOne = write((database) => rows.flatMap((row) => writeJoinRows(database, [row])));
        assert.deepEqual(together, oneByOne);
      }),
      { numRuns: 60 },
    );
  });

  it("saves once from a version, and a DevNonce once", () => {
    fc.assert(
      fc.property(fc.array(joinRow, { maxLength: 12 }), (rows) => {
        const { outcomes, nonces } = write((database) => writeJoinRows(database, rows));
        const saved = rows.filter((_row, index) => outcomes[index] === "saved");
        const versions = saved.map(({ devEui, version }) => `${devEui} ${version}`);
        assert.equal(new Set(versions).size, versions.length);
        const used = saved.flatMap(({ devEui, usedDevNonce }) =>
          usedDevNonce === undefined ? [] : [`${devEui} ${usedDevNonce.devNonce}`],
        );
        assert.deepEqual(used.sort(), nonces);
      }),
      { numRuns: 60 },
    );
  });

  it("says of each row why it is not written", () => {
    const row = { version: 1, sealedUnder: 2, usedDevNonce: undefined };
    const values = [1, null, 7, null, null, "02000001", 5, Uint8Array.of(7)];
    const usedDevNonce = { joinEui: JOIN_EUI, devNonce: 9 };
    const [first, second, third] = DEVICES as [Eui64, Eui64, Eui64];
    const { outcomes } = write((database) =>
      writeJoinRows(database, [
        { ...row, values, devEui: first, usedDevNonce },
        { ...row, values, devEui: first },
        { ...row, values, devEui: first, version: 2, usedDevNonce },
        { ...row, values, devEui: second, sealedUnder: 1 },
        { ...row, values, devEui: third },
      ]),
    );
    const expected: JoinOutcome[] = ["saved", "version-conflict", "dev-nonce-used"];
    assert.deepEqual(outcomes, [...expected, "old-data-key", "sealed-otherwise"]);
  });
});

/** What becomes of a new database. */
function write(work: (database: SqliteDatabase) => JoinOutcome[]) {
  const database = new SqliteDatabase(":memory:", [SCHEMA]);
  try {
    const outcomes = work(database);
    const devices = database.all("SELECT * FROM devices ORDER BY dev_eui");
    const nonces = database
      .all("SELECT * FROM used_dev_nonces ORDER BY dev_eui, dev_nonce")
      .map((row) => `${row["dev_eui"]} ${row["dev_nonce"]}`);
    return { outcomes, devices, nonces };
  } finally {
    database.close();
  }
}
