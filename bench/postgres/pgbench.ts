import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

const DEBIAN_FOLDER = "/usr/lib/postgresql";

export interface PgbenchOptions {
  readonly url: string;
  /** In which the statements find their tables. */
  readonly schema: string;
  /** Of statements and `\set` lines. */
  readonly script: string;
  /** Where the script may be written. */
  readonly file: string;
  readonly connections: number;
  readonly seconds: number;
  /** Variables as each connection has them at first. */
  readonly defined: Readonly<Record<string, string>>;
}

/** The `pgbench` of the newest PostgreSQL that Debian has installed; undefined when there is none. */
export function findPgbench(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => `${DEBIAN_FOLDER}/${version}/bin/pgbench`)
    .find((program) => spawnSync(program, ["--version"]).error === undefined);
}

/** Runs a script over and over on each connection, its statements prepared. @returns how often in all */
export async function runPgbench(program: string, options: PgbenchOptions): Promise<number> {
  writeFileSync(options.file, options.script);
  const { url, schema, connections, seconds, defined } = options;
  const child = spawn(
    program,
    [
      ...["--no-vacuum", "--protocol", "prepared", "--file", options.file],
      ...["--client", String(connections), "--jobs", "1", "--time", String(seconds)],
      ...Object.entries(defined).flatMap(([name, value]) => ["--define", `${name}=${value}`]),
      url,
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PGOPTIONS: `-c search_path=${schema}` },
    },
  );
  const ended = once(child, "exit");
  const [answer, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await ended) as [number | null];
  const [, count] = /transactions actually processed: (\d+)/.exec(answer) ?? [];
  if (status !== 0 || count === undefined)
    throw new Error(`pgbench ended with ${status}: ${errors}`);
  return Number(count);
}
