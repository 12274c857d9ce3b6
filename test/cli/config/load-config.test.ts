import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ConfigOptions } from "../../../src/cli/config/config-options.ts";
import { loadJoinServerConfig } from "../../../src/cli/config/load-config.ts";
import type { WarrenError } from "../../../src/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder();
let files = 0;

function fileWith(...lines: string[]): string {
  files += 1;
  const file = join(folder, `warren-${files}.toml`);
  writeFileSync(file, lines.join("\n"));
  return file;
}

const load = (lines: string[], environment = {}, options: ConfigOptions = {}) =>
  loadJoinServerConfig({ ...options, config: fileWith(...lines) }, environment);

/** The lines of the error, without the folder. */
function problemsOf(lines: string[], environment = {}, options: ConfigOptions = {}): string[] {
  try {
    load(lines, environment, options);
  } catch (error) {
    assert.equal((error as WarrenError).code, "configuration-invalid");
    return (error as WarrenError).message.replaceAll(`${folder}/`, "").split("\n");
  }
  throw new assert.AssertionError({ message: "the configuration was taken" });
}

describe("a configuration", () => {
  test("is complete without a file, in the environment of nobody", () => {
    const config = loadJoinServerConfig({}, {});
    assert.equal(config.backend.port, 7070);
    assert.deepEqual(config.storage, {
      kind: "sqlite",
      path: join("data", "join-server", "join-server.db"),
    });
    assert.ok(Object.isFrozen(config));
  });

  test("has a thread for joins by itself on SQLite alone, where a core is left for it", () => {
    const ofDatabase = (...lines: string[]) => load(lines).joinThreads;
    assert.equal(ofDatabase(), availableParallelism() > 1 ? 1 : 0);
    assert.equal(ofDatabase("[joins]", "threads = 3"), 3);
    assert.equal(ofDatabase("[joins]", "threads = 0"), 0);
    const postgres = ["[storage]", 'kind = "postgresql"', 'url = "postgresql://localhost/warren"'];
    assert.equal(ofDatabase(...postgres), 0);
    assert.equal(ofDatabase(...postgres, "[joins]", "threads = 1"), 1);
  });

  test("takes the option before the environment before the file before the default", () => {
    const lines = ["[admin]", "port = 1", "host = '127.0.0.2'", "[backend]", "port = 2"];
    const environment = { WARREN_ADMIN_PORT: "3", WARREN_BACKEND_PORT: "4" };
    const config = load(lines, environment, { adminPort: 5 });
    assert.equal(config.admin.port, 5);
    assert.equal(config.backend.port, 4);
    assert.equal(config.admin.host, "127.0.0.2");
    assert.equal(config.backend.host, "127.0.0.1");
  });

  test("reads every kind of value from the environment, and the file's name", () => {
    const environment = {
      WARREN_CONFIG: fileWith("log_level = 'debug'"),
      WARREN_UPDATES_ALLOW_RABBIT_SPLIT: "true",
      WARREN_LIMITS_DEVICE_PER_SECOND: "0.5",
      WARREN_LIMITS_DEVICE_BURST: "7",
      WARREN_DATA_FOLDER: "somewhere",
      WARREN_TOKEN_FILE: "is another command's",
      WARREN_ADMIN_HOST: "",
    };
    const config = loadJoinServerConfig({}, environment);
    assert.equal(config.logLevel, "debug");
    assert.equal(config.updatePolicy.allowRabbitSplit, true);
    assert.deepEqual(config.limits.device, { perSecond: 0.5, burst: 7 });
    assert.deepEqual(config.storage, { kind: "sqlite", path: join("somewhere", "join-server.db") });
    assert.equal(config.admin.host, "127.0.0.1", "an empty variable says nothing");
  });

  test("takes paths of the file relative to the file, others as they are", () => {
    const config = load(["[storage]", 'path = "a.db"', "[vault]", 'path = "/keys"']);
    assert.deepEqual(config.storage, { kind: "sqlite", path: join(folder, "a.db") });
    assert.equal((config.vault as { path: string }).path, "/keys");
    assert.equal(load([], {}, { data: "here" }).dataFolder, "here");
  });

  test("has webhooks with defaults of their own, as tables or in a list", () => {
    const { webhooks } = load([
      'webhook = [{ url = "https://a.example/x", secret_file = "s" }, { url = "http://b", secret_file = "/t", events = ["join-refused"], queue = 5, timeout_seconds = 0.5 }]',
    ]);
    assert.deepEqual(webhooks, [
      {
        url: "https://a.example/x",
        secretFile: join(folder, "s"),
        kinds: [],
        caFile: undefined,
        timeoutMs: 10_000,
        queueLength: 10_000,
      },
      {
        url: "http://b",
        secretFile: "/t",
        kinds: ["join-refused"],
        caFile: undefined,
        timeoutMs: 500,
        queueLength: 5,
      },
    ]);
  });

  test("has a limit of 0 for none", () => {
    const config = load(["limits.peer.per_second = 0", "limits.device.per_second = 0"]);
    assert.deepEqual([config.limits.peer, config.limits.device], [undefined, undefined]);
  });
});

describe("a wrong configuration", () => {
  test("is refused with file and line of everything that is wrong", () => {
    const lines = [
      'log_level = "loud"', // 1
      "[backend]", // 2
      "prot = 1", // 3
      "port = 70_000", // 4
      "[bakend]", // 5
      "port = 3", // 6
      "[[webhook]]", // 7
      'url = "ftp://x"', // 8
      "[limits]", // 9
      "peer = { per_second = -1, brst = 3 }", // 10
      "device = 3", // 11
      "[metrics.enabled]", // 12
      "[updates]", // 13
      "expiry_seconds = 1979-05-27", // 14
    ];
    assert.deepEqual(
      problemsOf(lines).sort(),
      [
        "warren-1.toml:10: limits.peer.per_second must be a number from 0 to 1000000, but it is -1",
        'warren-1.toml:10: there is no member "limits.peer.brst"; did you mean "burst"?',
        "warren-1.toml:11: limits.device is a table: [limits.device]",
        "warren-1.toml:12: metrics.enabled is a value, not a table",
        "warren-1.toml:14: updates.expiry_seconds must be a whole number from 0 to 1000000000000, but it is a date",
        'warren-1.toml:1: log_level must be one of debug, info, warn, error, silent, but it is "loud"',
        'warren-1.toml:3: there is no member "backend.prot"; did you mean "port"?',
        "warren-1.toml:4: backend.port must be a whole number from 0 to 65535, but it is 70000",
        'warren-1.toml:5: there is no member "bakend"; did you mean "backend"?',
        "warren-1.toml:7: webhook.secret_file is missing: file with the secret that signs them, at least 16 characters",
        'warren-1.toml:8: webhook.url must be an http or https URL without user and password, but it is "ftp://x"',
      ]
        .map((line) => line.replace("warren-1", `warren-${files}`))
        .sort(),
    );
  });

  test("of TOML itself names the line and repeats no text", () => {
    const [problem, ...rest] = problemsOf(["a = 1", 'storage.url = "postgresql://u:geheim']);
    assert.match(problem ?? "", /^warren-\d+\.toml:2: /);
    assert.doesNotMatch(problem ?? "", /geheim/);
    assert.deepEqual(rest, []);
  });

  test("that cannot be read is named", () => {
    assert.throws(() => loadJoinServerConfig({ config: join(folder, "none.toml") }, {}), {
      code: "configuration-invalid",
      message: `cannot read ${join(folder, "none.toml")} (ENOENT)`,
    });
  });

  test("of the environment names the variable, a misspelt one too", () => {
    const environment = { WARREN_BACKEND_PRT: "1", WARREN_ADMIN_PORT: "tcp://10.0.0.1:7071" };
    assert.deepEqual(problemsOf([], environment), [
      'WARREN_BACKEND_PRT: no member of the configuration has this name; did you mean "WARREN_BACKEND_PORT"?',
      'WARREN_ADMIN_PORT: admin.port must be a whole number from 0 to 65535, but it is "tcp://10.0.0.1:7071"',
    ]);
  });

  test("never shows a secret", () => {
    const lines = ["[storage]", 'kind = "postgresql"', 'url = "mysql://me:geheim@host/db"'];
    const problems = problemsOf(lines);
    assert.match(problems.join("\n"), /:3: storage.url must begin with postgresql:\/\//);
    assert.doesNotMatch(problems.join("\n"), /geheim/);
  });

  test("that shows itself in plain HTTP needs a certificate or a word for it", () => {
    const host = ['backend.host = "0.0.0.0"', 'admin.host = "::1"'];
    assert.match(
      problemsOf(host).join("\n"),
      /^warren-\d+\.toml:1: backend.host 0.0.0.0 .*backend.tls.cert .*allow_plain_http = true$/,
    );
    assert.equal(load([...host, "backend.allow_plain_http = true"]).backend.allowsPlainHttp, true);
    const withTls = load([...host, 'backend.tls = { cert = "/c", key = "/k" }']);
    assert.deepEqual(withTls.backend.tls, { certificateFile: "/c", keyFile: "/k" });
    assert.match(
      problemsOf(['client_tls.key = "k"']).join(),
      /client_tls.key needs client_tls.cert/,
    );
  });
});

describe("the URL of PostgreSQL", () => {
  const kind = 'storage.kind = "postgresql"';
  const secret = fileWith("postgresql://me:geheim@host/db\n");

  test("is needed", () => {
    assert.match(
      problemsOf([kind]).join(),
      /:1: storage.kind needs storage.url or storage.url_file/,
    );
  });

  test("can come from a file of its own", () => {
    const { storage } = load([kind], { WARREN_STORAGE_URL_FILE: secret });
    assert.equal((storage as { url: string }).url, "postgresql://me:geheim@host/db");
    assert.match(problemsOf([kind, 'storage.url_file = "none"']).join(), /:2: cannot read .*none/);
  });

  test("comes from the stronger source, and not from two equal ones", () => {
    const lines = [kind, 'storage.url = "postgresql://file"'];
    const { storage } = load(lines, { WARREN_STORAGE_URL_FILE: secret });
    assert.equal((storage as { url: string }).url, "postgresql://me:geheim@host/db");
    const other = load([kind, 'storage.url_file = "none"'], { WARREN_STORAGE_URL: "postgres://e" });
    assert.equal((other.storage as { url: string }).url, "postgres://e");
    assert.match(problemsOf([...lines, 'storage.url_file = "x"']).join(), /not both/);
  });
});
