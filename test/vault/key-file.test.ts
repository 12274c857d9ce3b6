import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importAes256Key } from "../../src/crypto/aes256.ts";
import { Xaes256Gcm } from "../../src/crypto/xaes-256-gcm.ts";
import { WarrenError } from "../../src/errors.ts";
import { KeyFile } from "../../src/vault/key-file/key-file.ts";
import { formatKeyFile, parseKeyFile } from "../../src/vault/key-file/key-file-format.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";
import { testMasterKeySource } from "./master-key-source-contract.ts";

const NOW = Date.parse("2026-01-02T03:04:05.678Z");
const newPath = () => join(temporaryFolder(), "data", "master-keys");
const open = (path: string) => new KeyFile(path, () => NOW);

describe("a key file", () => {
  testMasterKeySource(() => {
    const path = newPath();
    return { open: () => open(path), elsewhere: () => open(newPath()) };
  });

  it("is for its owner only, says what it is, and has one key a line", async () => {
    const path = newPath();
    await open(path).createMasterKey(1);
    await open(path).createMasterKey(2);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(dirname(path)), ["master-keys"]);
    const text = readFileSync(path, "utf8");
    assert.match(text, /^# Master keys of a Warren Join Server/);
    assert.match(text, /Without this file the database is worthless/);
    assert.match(text, /\n1 2026-01-02T03:04:05\.678Z [0-9a-f]{64}\n2 2026[^ ]* [0-9a-f]{64}\n$/);
  });

  it("wraps by XAES-256-GCM under the key of the line, as docs/vault.md says", async () => {
    const path = newPath();
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, `3 2026-01-01T00:00:00.000Z ${"01".repeat(32)}\n`, { mode: 0o600 });
    const dataKey = new Uint8Array(32).fill(5);
    const wrapped = await open(path).wrapDataKey(3, dataKey);
    assert.equal(wrapped.length, 24 + 32 + 16);
    const cipher = new Xaes256Gcm(importAes256Key(new Uint8Array(32).fill(1)));
    const opened = cipher.open(
      wrapped.subarray(0, 24),
      wrapped.subarray(24),
      Buffer.from("warren/data-key/1/3"),
    );
    assert.deepEqual(opened, dataKey);
  });

  it("leaves nothing of a process that died while it wrote", async () => {
    const path = newPath();
    await open(path).createMasterKey(1);
    for (const name of ["master-keys.new", "master-keys.0f-1.new"]) {
      writeFileSync(join(dirname(path), name), "half");
    }
    await open(path).createMasterKey(2);
    assert.deepEqual(readdirSync(dirname(path)), ["master-keys"]);
    assert.deepEqual(await open(path).listVersions(), [1, 2]);
  });

  for (const [what, mode] of [
    ["file", 0o640],
    ["file", 0o604],
    ["folder", 0o720],
    ["folder", 0o702],
  ] as const) {
    it(`is refused in a ${what} of mode ${mode.toString(8)}, with the command that mends it`, async () => {
      const path = newPath();
      await open(path).createMasterKey(1);
      const opened = what === "file" ? path : dirname(path);
      chmodSync(opened, mode);
      const command = `chmod ${what === "file" ? 600 : 700} ${opened}`;
      await assert.rejects(open(path).listVersions(), (error: Error) => {
        assert.ok(warrenError("vault-unavailable")(error));
        return error.message.includes(command);
      });
      chmodSync(opened, what === "file" ? 0o600 : 0o700);
      assert.deepEqual(await open(path).listVersions(), [1]);
    });
  }

  it("is made by one of many processes that start at once", async () => {
    const path = newPath();
    const made = await Promise.all(Array.from({ length: 20 }, () => open(path).createMasterKey(1)));
    assert.equal(made.filter(Boolean).length, 1);
    assert.deepEqual(await open(path).listVersions(), [1]);
  });

  it("stays with its owner when root writes it", { skip: process.getuid?.() !== 0 }, async () => {
    const path = newPath();
    mkdirSync(dirname(path), { mode: 0o700 });
    chownSync(dirname(path), 4321, 4322);
    for (const version of [1, 2]) {
      await open(path).createMasterKey(version);
      const { uid, gid, mode } = statSync(path);
      assert.deepEqual([uid, gid, mode & 0o777], [4321, 4322, 0o600]);
    }
  });

  it("goes with its last key", async () => {
    const path = newPath();
    await open(path).createMasterKey(1);
    await open(path).destroyMasterKeys([1]);
    assert.ok(!existsSync(path));
  });
});

describe("the text of a key file", () => {
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const keys = fc
    .uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 5 })
    .chain((versions) =>
      fc.tuple(...versions.sort((a, b) => a - b).map((v) => fc.tuple(fc.constant(v), hex))),
    );

  it("reads back as it was written, also with the line ends of Windows", () => {
    fc.assert(
      fc.property(keys, fc.constantFrom("\n", "\r\n"), (lines, end) => {
        const masterKeys = lines.map(([version, bytes]) => ({
          version,
          createdAt: NOW,
          key: importAes256Key(bytes),
        }));
        const text = formatKeyFile(masterKeys);
        const parsed = parseKeyFile("path", text.replaceAll("\n", end));
        assert.equal(formatKeyFile(parsed), text);
        assert.deepEqual(
          parsed.map(({ version }) => version),
          masterKeys.map(({ version }) => version),
        );
      }),
    );
  });

  const digits = "ab".repeat(32);
  for (const line of [
    `1 2026-01-01T00:00:00.000Z ${digits.slice(1)}`,
    `1 2026-01-01T00:00:00.000Z ${digits}0`,
    `1 2026-01-01T00:00:00.000Z ${digits.toUpperCase()}`,
    `0 2026-01-01T00:00:00.000Z ${digits}`,
    `1 2026-13-01T00:00:00.000Z ${digits}`,
    `1 ${digits}`,
    digits,
    `1 2026-01-01T00:00:00.000Z ${digits}\n1 2026-01-01T00:00:00.000Z ${digits}`,
  ]) {
    it(`is refused with the number of the line: ${line.replaceAll(digits, "<digits>")}`, () => {
      assert.throws(
        () => parseKeyFile("/path", `# comment\n${line}\n`),
        (error) => {
          assert.ok(error instanceof WarrenError && error.code === "vault-unavailable");
          assert.match(error.message, /^\/path, line [23]:/);
          return !/(ab){8}/i.test(error.message);
        },
      );
    });
  }
});
