import assert from "node:assert/strict";
import { createSecretKey, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createLogger } from "../../../src/cli/log/create-logger.ts";
import { WarrenError } from "../../../src/errors.ts";

function newLog() {
  const lines: string[] = [];
  return { lines, logger: createLogger("test", "trace", { write: (line) => lines.push(line) }) };
}

const ENCODINGS = ["hex", "base64", "base64url"] as const;

function assertHidden(lines: readonly string[], secret: Buffer): void {
  const text = lines.join("");
  for (const encoding of ENCODINGS) assert.ok(!text.includes(secret.toString(encoding)), text);
  assert.ok(!text.toLowerCase().includes(secret.toString("hex")), text);
  assert.ok(!text.includes([...secret].join(",")), text);
}

describe("the log", () => {
  test("hides members that are named like secrets, however deep", () => {
    const { lines, logger } = newLog();
    logger.info({
      kek: "tiny",
      token: "tiny",
      body: { nwkKey: "tiny", device: { app_key: "tiny", fNwkSIntKey: "tiny" } },
      request: { headers: { Authorization: "tiny", host: "shown" } },
      list: [{ password: "tiny" }],
    });
    logger.child({ reqId: "shown" }).warn({ pin: "tiny" }, "words");
    assert.doesNotMatch(lines.join(""), /tiny/);
    assert.match(lines.join(""), /"host":"shown".*"reqId":"shown"/s);
  });

  test("hides keys of any value in fields, messages, arguments and errors", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.constantFrom("hex", "HEX"),
        (bytes, form) => {
          const { lines, logger } = newLog();
          const key = Buffer.from(bytes);
          const hex = key.toString("hex");
          const text = form === "HEX" ? hex.toUpperCase() : hex;
          const error = new TypeError(`cannot read ${text}`, {
            cause: new WarrenError("key-malformed", `it was "${text}"`),
          });
          logger.error(error);
          logger.error({ err: error, event: "defect" });
          logger.error(
            { err: Object.assign(new Error("x"), { body: text, options: { text } }) },
            text,
          );
          logger.info({ value: text, bytes: key, array: new Uint8Array(key) }, "got %s", text);
          logger.info({ nested: { text: `a ${text} b`, list: [text], json: JSON.stringify(key) } });
          logger.info({ key: createSecretKey(key) });
          assertHidden(lines, key);
          assert.equal(lines.length, 6);
          for (const line of lines) JSON.parse(line);
        },
      ),
    );
  });

  test("hides tokens, passwords of URLs and secrets of webhooks in any text", () => {
    const { lines, logger } = newLog();
    const token = randomBytes(32);
    const password = "ge-heim";
    logger.warn(`Authorization: Bearer ${password} was sent`);
    logger.warn({ text: `connect postgresql://user:${password}@db.example/warren failed` });
    logger.warn({ text: `token ${token.toString("base64url")}a1, ${token.toString("base64")}` });
    logger.warn({ text: `signed with whsec_${password}` });
    assertHidden(lines, token);
    assert.ok(!lines.join("").includes(password));
    assert.match(lines.join(""), /postgresql:\/\/<hidden>@db\.example\/warren failed/);
  });

  test("shows what people need: EUIs, fingerprints, digests, stacks and causes", () => {
    const { lines, logger } = newLog();
    const sha256 = randomBytes(32).toString("hex");
    logger.info({
      devEui: "0102030405060708",
      joinEui: "70b3d57ed0000000",
      fingerprint: "12345678",
      certificateSha256: sha256,
      count: 3,
      isNew: false,
      nothing: null,
    });
    logger.error({ err: new Error("outer", { cause: new Error("inner") }) });
    const [fields, failure] = lines.map((line) => JSON.parse(line));
    assert.equal(fields.devEui, "0102030405060708");
    assert.equal(fields.certificateSha256, sha256);
    assert.deepEqual([fields.count, fields.isNew, fields.nothing], [3, false, null]);
    assert.equal(failure.msg, "outer");
    assert.match(failure.err.stack, /hide-secrets\.test\.ts:\d+/);
    assert.equal(failure.err.cause.message, "inner");
  });
});
