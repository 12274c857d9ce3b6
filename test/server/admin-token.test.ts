import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadOrCreateAdminToken } from "../../src/server/admin-token.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const folder = temporaryFolder();

describe("loadOrCreateAdminToken", () => {
  it("makes a token on first start, for the owner alone, and reads it after that", () => {
    const path = join(folder, "new", "admin-token");
    const token = loadOrCreateAdminToken(path);
    assert.match(token, /^[A-Za-z0-9_-]{32}$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "new")).mode & 0o777, 0o700);
    assert.equal(loadOrCreateAdminToken(path), token);
    assert.notEqual(loadOrCreateAdminToken(join(folder, "other-token")), token);
  });

  it("reads the operator's own token and leaves the file alone", () => {
    const path = join(folder, "own");
    writeFileSync(path, "  an-operators-own-token \n");
    chmodSync(path, 0o640);
    assert.equal(loadOrCreateAdminToken(path), "an-operators-own-token");
    assert.equal(readFileSync(path, "utf8"), "  an-operators-own-token \n");
  });

  it("says which file cannot be made", () => {
    const notAFolder = join(folder, "file");
    writeFileSync(notAFolder, "");
    assert.throws(
      () => loadOrCreateAdminToken(join(notAFolder, "admin-token")),
      warrenError("configuration-invalid"),
    );
  });

  it("refuses a token that is too short, without showing it", () => {
    const path = join(folder, "short");
    for (const text of ["", "\n", "fifteen-letters"]) {
      writeFileSync(path, text);
      assert.throws(() => loadOrCreateAdminToken(path), warrenError("configuration-invalid"));
    }
    assert.throws(
      () => loadOrCreateAdminToken(path),
      (error: Error) => !error.message.includes("fifteen"),
    );
  });
});
