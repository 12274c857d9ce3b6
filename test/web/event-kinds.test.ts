import assert from "node:assert/strict";
import { test } from "node:test";
import { EVENT_KINDS as KINDS_OF_SERVER } from "../../src/join-server/ports/events.ts";
import { EVENT_KINDS } from "../../web/src/api/events.ts";

// A browser hears only the kinds of a stream that it asks for by name.
test("the console listens to every kind of event that the Join Server tells", () => {
  assert.deepEqual([...EVENT_KINDS].sort(), [...KINDS_OF_SERVER].sort());
});
