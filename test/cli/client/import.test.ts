import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runWarren, spawnWarren } from "../support/warren.ts";
import { JoinServerProcess } from "./support.ts";

const DEFAULTS = ["--home-net-id", "000013", "--as-id", "example-as"];
const HEADING = "id;dev_eui;join_eui;lorawan_version;app_key\n";

interface ImportResult {
  readonly created: number;
  readonly unchanged: number;
  readonly different: number;
  readonly error: number;
  readonly isStarted: boolean;
  readonly format: string;
  readonly counts: { readonly warning: number };
  readonly problems: { readonly line: number; readonly devEui?: string; readonly code?: string }[];
}

let made = 0;
function row(key = randomBytes(16).toString("hex")): string {
  const devEui = (0x0102030400000000n + BigInt(++made)).toString(16).padStart(16, "0");
  return `meter-${made};${devEui};70B3D57ED0000001;MAC_V1_0_3;${key}`;
}
function rows(count: number): string {
  return `${Array.from({ length: count }, () => row()).join("\n")}\n`;
}

describe("warren import", () => {
  const server = new JoinServerProcess();
  const devices = async () =>
    (await server.json<unknown[]>("device", "list", "--limit", "100000")).length;

  it("imports what is not there yet, however often it is asked", async () => {
    const file = server.file("devices.csv", HEADING + rows(2500));
    const dry = await server.json<ImportResult>("import", file, ...DEFAULTS, "--dry-run");
    assert.deepEqual([dry.created, dry.format, await devices()], [2500, "tts-csv", 0]);
    const first = await server.json<ImportResult>("import", file, ...DEFAULTS);
    assert.deepEqual([first.created, first.unchanged, await devices()], [2500, 0, 2500]);
    const second = await server.run("import", file, ...DEFAULTS);
    assert.equal(second.status, 0);
    assert.match(second.stdout, /0 created, 2500 there already/);
    assert.match(second.stdout, /app_key is the AppKey/);
  });

  it("starts nothing while the file has an error, and names each", async () => {
    const before = await devices();
    const text = `${HEADING}${rows(3)}${row("00")}\n${rows(1)}`;
    const [file, errors] = [server.file("wrong.csv", text), server.path("errors.txt")];
    const refused = await server.run("import", file, ...DEFAULTS, "--errors", errors);
    assert.equal(refused.status, 1);
    assert.match(refused.stdout, /nothing was imported: 1 errors/);
    assert.match(readFileSync(errors, "utf8"), /^line 5\t[0-9a-f]{16}\terror\ttext-malformed\t/);
    assert.equal(await devices(), before);
    const skipped = await server.json<ImportResult>("import", file, ...DEFAULTS, "--skip-errors");
    assert.deepEqual([skipped.created, skipped.error, skipped.isStarted], [4, 1, true]);
    assert.equal(skipped.problems[0]?.line, 5);
  });

  it("leaves a device with other settings as it is, and says so", async () => {
    const line = row();
    await server.run("import", server.file("one.csv", `${HEADING}${line}\n`), ...DEFAULTS);
    const other = server.file("other.csv", `${HEADING}${rows(1)}other-${line}\n`);
    const result = await server.run("import", other, ...DEFAULTS, "--json");
    assert.equal(result.status, 1);
    const answer = JSON.parse(result.stdout) as ImportResult;
    assert.deepEqual([answer.created, answer.different, answer.problems[0]?.line], [1, 1, 3]);
  });

  it("warns of weak keys", async () => {
    const file = server.file("weak.csv", `${HEADING}${row("11".repeat(16))}\n`);
    const { counts, created } = await server.json<ImportResult>("import", file, ...DEFAULTS);
    assert.deepEqual([counts.warning, created], [1, 1]);
    const found = await server.run("keys", "check", "--json");
    assert.equal(found.status, 1);
    assert.match(found.stdout, /equal-octets/);
  });

  it("joins scanned QR codes with a file of keys", async () => {
    const [scanned, missing] = [row(), row()];
    const keys = server.file("keys.csv", `${HEADING}${rows(2)}${scanned}\n`);
    const code = (line: string, rest: string) =>
      `LW:D0:70B3D57ED0000002:${line.split(";")[1]}:00FA0001${rest}`.toUpperCase();
    const codes = server.file("codes.txt", `${code(scanned, ":OTOKEN7:SA17")}\n`);
    const result = await server.json<ImportResult>("import", codes, "--keys", keys, ...DEFAULTS);
    assert.equal(result.created, 1);
    const shown = await server.run("device", "show", scanned.split(";")[1] as string, "--json");
    assert.match(shown.stdout, /"serial_number": "A17"/);
    assert.match(shown.stdout, /"joinEui": "70b3d57ed0000002"/);
    assert.doesNotMatch(shown.stdout, /TOKEN7/);
    const lacking = server.file("more.txt", `${code(missing, "")}\nhello\n`);
    const refused = await server.json<ImportResult>("import", lacking, "--keys", keys, ...DEFAULTS);
    assert.deepEqual(
      refused.problems.map(({ line, code: reason }) => [line, reason]),
      [
        [2, "text-malformed"],
        [1, "root-key-missing"],
      ],
    );
  });

  it("takes sealed devices, of which it never sees a key", async () => {
    const key = randomBytes(16).toString("hex");
    const file = server.file("supplier.csv", `${HEADING}${rows(600)}${row(key)}\n`);
    const response = await fetch(`${server.connection[1]}/api/v1/import-key`, {
      headers: {
        authorization: `Bearer ${readFileSync(server.connection[3] as string, "utf8").trim()}`,
      },
    });
    const jwk = server.file("import-key.jwk", await response.text());
    const sealed = server.path("supplier.jwe");
    const made = await spawnWarren(
      ...["encrypt-keys", file, "--public-key-file", jwk, "--out", sealed, ...DEFAULTS],
    );
    assert.equal(made.status, 0, made.stderr);
    assert.doesNotMatch(readFileSync(sealed, "utf8"), new RegExp(key));
    const result = await server.json<ImportResult>("import", sealed);
    assert.deepEqual([result.format, result.created, result.error], ["jwe", 601, 0]);
  });

  it("exports what can be imported again with the KEK alone", async () => {
    const file = server.file("moving.csv", `${HEADING}${row()}\n`);
    await server.run("import", file, ...DEFAULTS);
    const devEui = readFileSync(file, "utf8").split("\n")[1]?.split(";")[1] as string;
    const kek = server.file("x.kek", randomBytes(16).toString("hex"));
    const out = server.path("moving.json");
    const which = ["--prefix", devEui, "--format", "tts-json", "--out", out];
    const exported = await server.run("export", ...which, "--kek-file", kek, "--kek-label", "x");
    assert.equal(exported.status, 0, exported.stderr);
    await server.run("device", "delete", devEui);
    const without = await server.json<ImportResult>("import", out);
    assert.deepEqual([without.isStarted, without.problems[0]?.code], [false, "key-unwrap-failed"]);
    const withKek = await server.json<ImportResult>(
      "import",
      out,
      "--kek-file",
      kek,
      "--kek-label",
      "x",
    );
    assert.equal(withKek.created, 1);
  });

  it("names the file that it cannot write to, and so does the export", async () => {
    const file = server.file("fine.csv", HEADING + rows(1));
    const nowhere = server.file("a-file", "");
    for (const [command, path] of [
      [["import", file, ...DEFAULTS, "--errors"], `${nowhere}/errors`],
      [["export", "--out"], `${nowhere}/devices`],
    ] as const) {
      const { status, stderr } = await spawnWarren(...command, path, ...server.connection);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^warren (import|export): cannot write .*\(ENOTDIR\) \(configuration-invalid\)\n$/,
      );
    }
  });

  it("says what is wrong with the file, the server and the token", async () => {
    const file = server.file("good.csv", HEADING + rows(1));
    const [, url = "", , token = ""] = server.connection;
    for (const [args, message] of [
      [[server.path("no-such-file"), ...server.connection], /cannot read .*ENOENT/],
      [[server.file("x.txt", "hello"), ...server.connection], /no known format/],
      [[file, "--url", "http://127.0.0.1:1", "--token-file", token], /is the Join Server running/],
      [
        [file, "--url", url, "--token-file", server.file("t", "no-token-at-all")],
        /does not know the token/,
      ],
      [[file, "--url", url.replace("http:", "https:"), "--token-file", token], /try http:/],
      [[file, "--url", "http://192.0.2.1", "--token-file", token], /--allow-plain-http/],
    ] as const) {
      const { status, stderr } = await runWarren("import", ...args, ...DEFAULTS);
      assert.equal(status, 1);
      assert.match(stderr, message);
    }
  });
});
