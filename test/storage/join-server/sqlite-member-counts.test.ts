import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MEMBER_STATES } from "../../../src/join-server/campaigns/campaign.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testVault } from "../../support/test-vault.ts";
import { aMember, euiOf } from "./contract/updates/campaign-records.ts";

const ID = "0000000000000001";
const REASONS = ["busy", "expired", "wrong-mics"] as const;

const store = SqliteJoinServerStore.openWith(join(temporaryFolder(), "js.db"), testVault());
after(() => store.close());

/** How often others had their turn meanwhile. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ result: T; turns: number }> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  let turns = 0;
  for (; !isDone; turns++) await nextTurn();
  return { result: await done, turns };
}

test("places in a large campaign are counted in steps, and every one once", async () => {
  const counts = { waiting: 50_001, "under-way": 2, updated: 20_000, failed: 40_007, skipped: 0 };
  let index = 0;
  for (const state of MEMBER_STATES) {
    const members = Array.from({ length: counts[state] }, (_, place) => {
      index += 1;
      const reason = state === "failed" ? REASONS[place % 4 === 0 ? 1 : 2] : undefined;
      // Many have the same time.
      return { ...aMember(0), devEui: euiOf(index), state, nextAttemptAt: place % 7, reason };
    });
    await store.addMembers(ID, members);
  }
  await store.addMembers("0000000000000002", [aMember(1), aMember(2)]);

  const counted = await turnsDuring(store.countMembers(ID));
  assert.deepEqual(counted.result, counts);
  assert.ok(counted.turns >= 5, `${counted.turns} turns`);
  const reasons = await turnsDuring(store.countReasons(ID));
  assert.deepEqual(reasons.result, [
    { state: "failed", reason: "wrong-mics", count: 30_005 },
    { state: "failed", reason: "expired", count: 10_002 },
  ]);
  assert.ok(reasons.turns >= 2, `${reasons.turns} turns`);
  assert.equal((await turnsDuring(store.countMembers("0000000000000002"))).turns <= 2, true);
});
