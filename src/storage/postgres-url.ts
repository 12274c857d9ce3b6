import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { WarrenError } from "../errors.ts";

/** Where a PostgreSQL server is and how to get in. */
export interface PostgresAddress {
  /** A name, an IP address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** False: in the clear. */
  readonly ssl: false | ConnectionOptions;
}

const DEFAULT_PORT = 5432;

const PARAMETERS = ["host", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/** Without `sslmode`: in the clear within this machine, verified everywhere else. */
const SSL_MODES = ["disable", "require", "verify-full"] as const;
type SslMode = (typeof SSL_MODES)[number];

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=/path`. Of the
 * parameters of libpq these are known: `host` (the folder of a Unix socket), `sslmode` (`disable`;
 * `require`, which encrypts and checks nothing; `verify-full`, the default for any host but this one),
 * `sslrootcert`, `sslcert` and `sslkey` (paths of PEM files).
 *
 * @throws WarrenError `configuration-invalid`, which never repeats the URL
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw invalid("it has to look like postgresql://user:password@host:5432/database");
  }
  const parameters = readParameters(url);
  const host = parameters.get("host") ?? decode(url.hostname).replace(/^\[|\]$/g, "");
  const database = decode(url.pathname.slice(1));
  if (host === "") throw invalid("it names no host");
  if (database === "") throw invalid("it names no database");
  // It would be told of by the server that does not have it.
  if (url.pathname.includes("@"))
    throw invalid("a / that is part of a password has to be written %2F");
  return {
    host,
    port: url.port === "" ? DEFAULT_PORT : Number(url.port),
    database,
    user: url.username === "" ? undefined : decode(url.username),
    password: url.password === "" ? undefined : decode(url.password),
    ssl: readSsl(host, parameters),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid("a % that is part of a user, a password or a name has to be written %25");
  }
}

function readParameters(url: URL): Map<string, string> {
  const parameters = new Map(url.searchParams);
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) {
      // What stands there may be the end of a password with a ? in it.
      throw invalid(
        `one of its parameters is not known; known are ${PARAMETERS.join(", ")} (a ? that is part of a ` +
          "password has to be written %3F)",
      );
    }
  }
  return parameters;
}

function readSsl(host: string, parameters: ReadonlyMap<string, string>): false | ConnectionOptions {
  const mode = parameters.get("sslmode") ?? (isThisMachine(host) ? "disable" : "verify-full");
  if (!SSL_MODES.includes(mode as SslMode)) {
    throw invalid(`sslmode is one of ${SSL_MODES.join(", ")}`);
  }
  if (mode === "disable") return false;
  const file = (name: string) => readPem(name, parameters.get(name));
  const [ca, cert, key] = [file("sslrootcert"), file("sslcert"), file("sslkey")];
  return {
    // What the certificate must name; of an IP address the client would not say it itself.
    host,
    rejectUnauthorized: mode === "verify-full",
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function isThisMachine(host: string): boolean {
  return host.startsWith("/") || ["localhost", "127.0.0.1", "::1"].includes(host);
}

function readPem(parameter: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw invalid(`the file of its parameter ${parameter} cannot be read (${code})`);
  }
}

function invalid(problem: string): WarrenError {
  return new WarrenError("configuration-invalid", `the URL of the PostgreSQL database: ${problem}`);
}
