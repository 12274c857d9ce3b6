import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aesModule } from "../../scripts/aes-core/module.ts";

describe("the AES core", () => {
  it("takes no value out of a vector, so that no address and no branch depends on one", () => {
    const instructions = new Set(aesModule().match(/[if]\w+\.\w+|v128\.\w+/g));
    assert.ok(instructions.has("v128.xor"));
    const leaks = [...instructions].filter((name) =>
      /extract_lane|all_true|any_true|bitmask|swizzle|i32\.load|i64\.load|div|rem/.test(name),
    );
    assert.deepEqual(leaks, []);
  });
});
