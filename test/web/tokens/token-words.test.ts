import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ROLES } from "../../../src/join-server/ports/token-store.ts";
import { expiryOf } from "../../../web/src/pages/tokens/lifetimes.ts";
import { ROLE_WORDS } from "../../../web/src/pages/tokens/role-words.ts";

const NOW = Date.parse("2026-11-22T09:00:00Z");

describe("a new API token in the console", () => {
  it("can have every role that the server knows", () => {
    assert.deepEqual(ROLE_WORDS.map(({ role }) => role).sort(), [...ROLES].sort());
  });

  it("expires so many days from now, at a moment to come, or never", () => {
    assert.equal(expiryOf("30", "", NOW), "2026-12-22T09:00:00.000Z");
    assert.equal(expiryOf("never", "", NOW), undefined);
    assert.equal(expiryOf("until", "2026-11-22T10:00:00Z", NOW), "2026-11-22T10:00:00.000Z");
    assert.equal(expiryOf("until", "2026-11-22T08:00:00Z", NOW), null);
    assert.equal(expiryOf("until", "", NOW), null);
  });
});
