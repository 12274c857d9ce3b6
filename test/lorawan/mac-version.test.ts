import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  isLorawan11,
  type MacVersion,
  parseMacVersion,
  usesDevNonceCounter,
} from "../../src/lorawan/mac-version.ts";
import { warrenError } from "../support/warren-error.ts";

describe("MacVersion", () => {
  const versions: MacVersion[] = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"];

  it("reads every full version and the two short forms", () => {
    assert.deepEqual(versions.map(parseMacVersion), versions);
    assert.equal(parseMacVersion("1.0"), "1.0.0");
    assert.equal(parseMacVersion("1.1"), "1.1.0");
  });

  it("refuses everything else", () => {
    for (const text of ["", "1", "1.2", "1.0.5", "1.1.1", " 1.1", "1.1.0 ", "2.0", "toString"]) {
      assert.throws(() => parseMacVersion(text), warrenError("text-malformed"), text);
    }
  });

  it("knows what changed with 1.0.4 and with 1.1", () => {
    assert.deepEqual(versions.filter(isLorawan11), ["1.1.0"]);
    assert.deepEqual(versions.filter(usesDevNonceCounter), ["1.0.4", "1.1.0"]);
  });
});
