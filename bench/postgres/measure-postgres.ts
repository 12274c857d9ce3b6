import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresServer } from "../../test/support/postgres.ts";
import { median } from "../join-load.ts";
import { LOAD_DEVICES } from "../joins/population.ts";
import { hasWrk } from "../joins/wrk.ts";
import { DatabaseLimit } from "./database-limit.ts";
import { loadTogether, ProcessLoad } from "./join-load-of-processes.ts";
import { PostgresJoinServers } from "./join-servers.ts";
import { findPgbench } from "./pgbench.ts";

export interface PostgresOptions {
  readonly rounds: number;
  /** Of each load. */
  readonly seconds: number;
}

export interface PostgresMeasurement {
  readonly name: string;
  /** Joins, or runs of `pgbench`'s script: one figure a round. */
  readonly perSecond: readonly number[];
  readonly medianPerSecond: number;
  /** Of joins, at full load. */
  readonly medianP99Us?: number | undefined;
  /** To what the database does with the same statements by itself, round by round. */
  readonly medianRatio?: number | undefined;
}

const CONNECTIONS = 32;
/** Each process is asked for devices of its own, so that it has in memory what the database has. */
const PARTS = 4;
const DEVICES_A_PART = LOAD_DEVICES / PARTS;
const WARM_UP_SECONDS = 20;
/** Of a cache that is off: each join reads its device first, as when all devices of a region come back. */
const NONE = 0;

interface Case {
  readonly name: string;
  readonly limit?: Case;
  run(seconds: number): Promise<{ perSecond: number; p99Us?: number }>;
}

/**
 * Joins per second on PostgreSQL, durable, by one process and by two, beside what the database does with
 * the same statements by itself, in turn. A string says why nothing was measured.
 */
export async function measurePostgres(
  options: PostgresOptions,
): Promise<PostgresMeasurement[] | string> {
  const program = findPgbench();
  if (program === undefined) return "there is no pgbench (Debian: apt-get install postgresql)";
  if (!hasWrk()) return "there is no wrk (Debian: apt-get install wrk)";
  const folder = mkdtempSync(join(tmpdir(), "warren-bench-postgres-"));
  const postgres = await PostgresServer.start(["shared_buffers=512MB", "max_wal_size=4GB"]);
  const url = await postgres.createDatabase();
  const servers = new PostgresJoinServers(url);
  const limit = new DatabaseLimit({ url, program, folder, connections: CONNECTIONS });
  try {
    const loads: ProcessLoad[] = [];
    for (const [index, cached] of [LOAD_DEVICES, LOAD_DEVICES, NONE].entries()) {
      const target = await servers.start(`process ${index}`, cached);
      loads.push(new ProcessLoad(target, folder, { index, of: PARTS }));
    }
    for (const load of loads) {
      load.prepare(DEVICES_A_PART);
      await load.run(CONNECTIONS, WARM_UP_SECONDS);
    }
    await limit.prepare();
    return await inTurn(casesOf(loads, limit), options);
  } finally {
    await limit.close();
    await servers.remove();
    await postgres.remove();
    rmSync(folder, { recursive: true });
  }
}

function casesOf(loads: readonly ProcessLoad[], limit: DatabaseLimit): Case[] {
  const [first, second, cold] = loads as [ProcessLoad, ProcessLoad, ProcessLoad];
  const joins = (name: string, of: Case, ...by: ProcessLoad[]): Case => ({
    name,
    limit: of,
    run: (seconds) => loadTogether(by, CONNECTIONS, seconds),
  });
  const saves: Case = {
    name: "pgbench: the save of a join",
    run: async (seconds) => ({ perSecond: await limit.run("save", seconds) }),
  };
  const loadsAndSaves: Case = {
    name: "pgbench: load, then save",
    run: async (seconds) => ({ perSecond: await limit.run("load and save", seconds) }),
  };
  return [
    saves,
    joins("one process, devices in memory", saves, first),
    joins("two processes, devices in memory", saves, first, second),
    loadsAndSaves,
    joins("one process, no device in memory", loadsAndSaves, cold),
  ];
}

async function inTurn(
  cases: readonly Case[],
  { rounds, seconds }: PostgresOptions,
): Promise<PostgresMeasurement[]> {
  const results = new Map(cases.map((one) => [one, [] as { perSecond: number; p99Us?: number }[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [one, rows] of results) rows.push(await one.run(seconds));
  }
  return [...results].map(([{ name, limit }, rows]) => {
    const perSecond = rows.map((row) => row.perSecond);
    const ofLimit = limit && results.get(limit)?.map((row) => row.perSecond);
    const p99s = rows.flatMap(({ p99Us }) => p99Us ?? []);
    return {
      name,
      perSecond,
      medianPerSecond: median(perSecond),
      medianP99Us: p99s.length === 0 ? undefined : median(p99s),
      medianRatio:
        ofLimit && median(perSecond.map((rate, index) => rate / (ofLimit[index] as number))),
    };
  });
}
