import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../../../src/errors.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { GroupedLoads } from "../../../../src/storage/join-server/postgres/devices/grouped-loads.ts";
import type { PostgresRow } from "../../../../src/storage/postgres-database.ts";
import { warrenError } from "../../../support/warren-error.ts";

const devEuiOf = (index: number): Eui64 => index.toString(16).padStart(16, "0") as Eui64;

/** Answers in another order than it is asked in, as PostgreSQL may, and knows devices with an even number only. */
class Database {
  readonly asked: string[][] = [];
  error: Error | undefined;

  all(_sql: string, ...[devEuis]: unknown[]): Promise<PostgresRow[]> {
    const asked = devEuis as string[];
    this.asked.push(asked);
    if (this.error !== undefined) return Promise.reject(this.error);
    const rows = asked
      .filter((devEui) => Number.parseInt(devEui, 16) % 2 === 0)
      .map((devEui) => ({ dev_eui: devEui, name: `device ${devEui}` }));
    return Promise.resolve(rows.toReversed());
  }
}

describe("GroupedLoads", () => {
  it("reads what is asked for at once in few statements, and gives each its own row", async () => {
    const database = new Database();
    const loads = new GroupedLoads(database);
    const devEuis = Array.from({ length: 130 }, (_, index) => devEuiOf(index));
    const rows = await Promise.all(devEuis.map((devEui) => loads.load(devEui)));
    for (const [index, row] of rows.entries()) {
      const expected = index % 2 === 0 ? `device ${devEuiOf(index)}` : undefined;
      assert.equal(row?.["name"], expected);
    }
    assert.deepEqual(
      database.asked.map(({ length }) => length),
      [64, 64, 2],
    );
  });

  it("reads a device that is asked for twice in two statements", async () => {
    const database = new Database();
    const loads = new GroupedLoads(database);
    await Promise.all([loads.load(devEuiOf(2)), loads.load(devEuiOf(2))]);
    assert.deepEqual(database.asked, [[devEuiOf(2)], [devEuiOf(2)]]);
  });

  it("tells all that waited when the database is away, and reads again for who comes later", async () => {
    const database = new Database();
    const loads = new GroupedLoads(database);
    database.error = new WarrenError("storage-failed", "away");
    for (const outcome of [loads.load(devEuiOf(2)), loads.load(devEuiOf(4))]) {
      await assert.rejects(outcome, warrenError("storage-failed"));
    }
    database.error = undefined;
    assert.equal((await loads.load(devEuiOf(2)))?.["dev_eui"], devEuiOf(2));
  });
});
