import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ErrorCode } from "../../src/errors.ts";
import { resultOfDefect, resultOfError } from "../../src/server/join-server/result-of-error.ts";
import { httpStatusOf } from "../../src/server/problem-details.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = readFileSync(`${root}src/errors.ts`, "utf8");
const codes = [...source.matchAll(/^ {2}\| "([a-z-]+)"/gm)].map(([, code]) => code as ErrorCode);
const rows = new Map(
  [...readFileSync(`${root}docs/errors.md`, "utf8").matchAll(/^\| `([a-z-]+)` \|(.*)\|$/gm)].map(
    ([, code = "", cells = ""]) => [code, cells.split("|").map((cell) => cell.trim())] as const,
  ),
);

function resultCodesOf(code: ErrorCode): string {
  const in10 = resultOfError(code, "1.0");
  const in11 = resultOfError(code, "1.1");
  if (in10 === resultOfDefect()) return "";
  if (in10.resultCode === in11.resultCode) return in10.resultCode;
  return `${in10.resultCode}, ${in11.resultCode}`;
}

describe("docs/errors.md", () => {
  it("has every code in the order of src/errors.ts", () => {
    assert.ok(codes.length > 30);
    assert.deepEqual([...rows.keys()], codes);
  });

  for (const code of codes) {
    it(`tells the truth about ${code}`, () => {
      const [meaning, httpStatus, resultCodes, advice] = rows.get(code) ?? [];
      assert.ok(meaning && advice);
      assert.equal(httpStatus, `${httpStatusOf(code)}`);
      assert.equal(resultCodes, resultCodesOf(code));
    });
  }
});

describe("src/errors.ts", () => {
  const sources = globSync("src/**/*.ts", { cwd: root })
    .filter((path) => !/(^src\/errors|result-of-error|problem-details)\.ts$/.test(path))
    .map((path) => readFileSync(`${root}${path}`, "utf8"))
    .join("\n");

  for (const code of codes) {
    it(`has ${code} because something throws it`, () => {
      // Not as a key of a table, which only says what becomes of it.
      assert.match(sources, new RegExp(`"${code}"(?!:)`));
    });
  }
});
