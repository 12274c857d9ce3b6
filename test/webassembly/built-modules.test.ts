import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const ROOT = new URL("../../", import.meta.url).pathname;

describe("WebAssembly modules", () => {
  it("are, byte for byte, what their sources give", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["scripts/build-webassembly.mjs", "--check"],
      { cwd: ROOT, encoding: "utf8" },
    );
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });

  it("stand beside their sources, each in base64 that is WebAssembly", async () => {
    const sources = globSync("src/**/*.wat", { cwd: ROOT });
    assert.ok(sources.length > 0);
    for (const source of sources) {
      const file = `${ROOT}${source.replace(/\.wat$/, "-wasm.ts")}`;
      const { WASM_BASE64 } = (await import(file)) as { WASM_BASE64: string };
      assert.equal(Buffer.from(WASM_BASE64, "base64").subarray(0, 4).toString("latin1"), "\0asm");
      assert.match(readFileSync(file, "utf8"), /^\/\/ Made from /);
    }
  });
});
