import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import { PolicyBook } from "../../../src/join-server/policies/policy-book.ts";
import type { UpdatePolicySettings } from "../../../src/join-server/policies/update-policy-settings.ts";
import { captureLog } from "../../support/log-capture.ts";
import { warrenError } from "../../support/warren-error.ts";

/** A database that counts how often it is asked. */
class Source {
  policy: UpdatePolicySettings = { maxSessions: 1 };
  reads = 0;
  isAway = false;

  loadUpdatePolicy(): Promise<UpdatePolicySettings> {
    this.reads++;
    return this.isAway
      ? Promise.reject(new WarrenError("storage-failed", "away"))
      : Promise.resolve(this.policy);
  }

  listDeviceProfiles(): Promise<[]> {
    return Promise.resolve([]);
  }
}

function openBook() {
  const store = new Source();
  const clock = { time: 0, now: () => clock.time };
  const log = captureLog();
  const book = new PolicyBook({ store, clock, logger: log.logger });
  const maxSessions = async () => (await book.levels()).allDevices.maxSessions;
  return { store, clock, log, book, maxSessions };
}

describe("the policies in memory", () => {
  it("are read once by all who ask first, and then not waited for", async () => {
    const { store, book } = openBook();
    await Promise.all([book.levels(), book.levels(), book.levels()]);
    assert.equal(store.reads, 1);
    assert.ok(!(book.levels() instanceof Promise));
    assert.equal(store.reads, 1);
  });

  it("are as another process has set them after seconds, without anybody waiting", async () => {
    const { store, clock, maxSessions, book } = openBook();
    assert.equal(await maxSessions(), 1);
    store.policy = { maxSessions: 2 };
    clock.time += 1_999;
    assert.equal(await maxSessions(), 1);
    clock.time += 1;
    assert.ok(!(book.levels() instanceof Promise));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await maxSessions(), 2);
  });

  it("are never old where nobody has asked for long", async () => {
    const { store, clock, maxSessions } = openBook();
    await maxSessions();
    store.policy = { maxSessions: 2 };
    clock.time += 10_000;
    assert.equal(await maxSessions(), 2);
  });

  it("are at once as this process has set them", async () => {
    const { store, book, maxSessions } = openBook();
    await maxSessions();
    // A look that has begun before the change.
    const early = book.freshLevels();
    store.policy = { maxSessions: 2 };
    assert.equal((await book.freshLevels()).allDevices.maxSessions, 2);
    await early;
    assert.equal(await maxSessions(), 2);
  });

  it("hold for a while when the database is away, and then nobody is told old ones", async () => {
    const { store, clock, log, maxSessions } = openBook();
    await maxSessions();
    store.isAway = true;
    clock.time += 5_000;
    assert.equal(await maxSessions(), 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(log.lines.some((line) => line.includes("policies-not-read")));
    clock.time += 5_000;
    await assert.rejects(maxSessions(), warrenError("storage-failed"));
    store.isAway = false;
    assert.equal(await maxSessions(), 1);
  });
});
