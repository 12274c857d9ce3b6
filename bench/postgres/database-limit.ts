import { Client } from "pg";
import { SELECT_DEVICE } from "../../src/storage/join-server/postgres/devices/postgres-device-search.ts";
import { JOIN_COLUMNS } from "../../src/storage/join-server/rows/devices/joined-device.ts";
import { LOAD_DEVICES } from "../joins/population.ts";
import { runPgbench } from "./pgbench.ts";

const SCHEMA = "limit_of_database";
/** DevEUIs that `pgbench` can count up: 16 decimal digits. */
const FIRST_DEV_EUI = 1_000_000_000_000_000;
/** As in `PreparedRequests`: neighbours in time are far apart in the table. */
const STRIDE = 61_803;

export interface LimitOptions {
  readonly url: string;
  readonly program: string;
  readonly folder: string;
  readonly connections: number;
}

/**
 * What the database does by itself: `pgbench` with the statement of a join, on a copy of the devices as
 * joins have left them, every run of it changing a row.
 */
export class DatabaseLimit {
  readonly #options: LimitOptions;
  readonly #client: Client;
  #save = "";
  /** Values of the statement that stay the same. */
  readonly #defined: Record<string, string> = {};

  constructor(options: LimitOptions) {
    this.#options = options;
    this.#client = new Client(options.url);
  }

  /** Copies the devices, in the database that they are in. */
  async prepare(): Promise<void> {
    await this.#client.connect();
    await this.#client.query(`CREATE SCHEMA ${SCHEMA};
      CREATE TABLE ${SCHEMA}.devices (LIKE public.devices INCLUDING ALL) WITH (fillfactor = 70);
      INSERT INTO ${SCHEMA}.devices SELECT * FROM public.devices ORDER BY dev_eui LIMIT ${LOAD_DEVICES};
      UPDATE ${SCHEMA}.devices AS device SET version = 1, dev_eui = numbered.dev_eui
        FROM (SELECT dev_eui AS old, (${FIRST_DEV_EUI} - 1 + row_number() OVER (ORDER BY dev_eui))::text
                AS dev_eui FROM ${SCHEMA}.devices) AS numbered
        WHERE device.dev_eui = numbered.old`);
    await this.#client.query(`VACUUM FULL ANALYZE ${SCHEMA}.devices`);
    await this.#prepareSave();
  }

  /** Statements a second over so many seconds. @param kind whether each row is read before */
  async run(kind: "save" | "load and save", seconds: number): Promise<number> {
    await this.#client.query(`UPDATE ${SCHEMA}.devices SET version = 1 WHERE version <> 1`);
    await this.#client.query(`VACUUM ${SCHEMA}.devices`);
    const perClient = Math.floor(LOAD_DEVICES / this.#options.connections);
    const load = `${SELECT_DEVICE} WHERE dev_eui = :devEui;`;
    const count = await runPgbench(this.#options.program, {
      url: this.#options.url,
      schema: SCHEMA,
      file: `${this.#options.folder}/${kind.replaceAll(" ", "-")}.sql`,
      connections: this.#options.connections,
      seconds,
      defined: { i: "-1", ...this.#defined },
      script: `\\set i :i + 1
\\set devEui ${FIRST_DEV_EUI} + :client_id * ${perClient} + (:i * ${STRIDE}) % ${perClient}
\\set version 1 + :i / ${perClient}
${kind === "save" ? "" : load.replaceAll("\n", " ")}
${this.#save};
`,
    });
    const { rows } = await this.#client.query(
      `SELECT sum(version - 1) AS saved FROM ${SCHEMA}.devices`,
    );
    if (Number(rows[0].saved) !== count) {
      throw new Error(`pgbench ran ${count} times and saved ${rows[0].saved} devices`);
    }
    return count / seconds;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  /**
   * The statement of one join, as `writeJoins` has it for several, with the values of a device that has
   * joined; only NULL stands in its text, since `pgbench` has none to send.
   */
  async #prepareSave(): Promise<void> {
    const { rows } = await this.#client.query(`SELECT * FROM ${SCHEMA}.devices LIMIT 1`);
    const parameterOf = (column: string): string => {
      const value = rows[0][column] as string | number | Buffer | null;
      if (value === null) return "NULL";
      const text = value instanceof Buffer ? `\\x${value.toString("hex")}` : String(value);
      this.#defined[column] = text;
      return `:${column}`;
    };
    const set = JOIN_COLUMNS.map((column) => `${column} = ${parameterOf(column)}`);
    this.#save = `UPDATE devices SET version = version + 1, ${set.join(", ")}
      WHERE dev_eui = :devEui AND version = :version AND sealed_under = ${parameterOf("sealed_under")}`.replaceAll(
      "\n",
      " ",
    );
  }
}
