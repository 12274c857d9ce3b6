import assert from "node:assert/strict";
import { test } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import type { CampaignMember } from "../../../src/join-server/campaigns/campaign.ts";
import { MemberLedger } from "../../../src/join-server/campaigns/members/member-ledger.ts";
import { devEuiOf } from "./support/fleet.ts";

const COUNTS = { waiting: 100_000, "under-way": 0, updated: 0, failed: 0, skipped: 0 };

function member(state: CampaignMember["state"]): CampaignMember {
  return {
    devEui: devEuiOf(1),
    state,
    isCanary: false,
    attempts: 1,
    updateId: undefined,
    nextAttemptAt: 0,
    startedAt: undefined,
    endedAt: undefined,
    reason: undefined,
  };
}

function ledgerOf(saveMembers: () => Promise<boolean>) {
  let countings = 0;
  const countMembers = () => {
    countings += 1;
    return Promise.resolve(COUNTS);
  };
  const ledger = new MemberLedger({ saveMembers, countMembers }, "a campaign", "a process");
  return { ledger, countings: () => countings };
}

test("what is saved is counted without looking at a hundred thousand places again, for a second", async () => {
  const { ledger, countings } = ledgerOf(() => Promise.resolve(true));
  assert.deepEqual(await ledger.counts(0), COUNTS);
  await ledger.save([
    { before: member("waiting"), after: member("under-way") },
    { before: member("waiting"), after: member("skipped") },
  ]);
  assert.deepEqual(await ledger.counts(999), {
    ...COUNTS,
    waiting: 99_998,
    "under-way": 1,
    skipped: 1,
  });
  assert.equal(countings(), 1);
  await ledger.counts(1_000);
  assert.equal(countings(), 2);
});

test("after a save that failed they are counted anew, since nobody knows what is stored", async () => {
  const { ledger, countings } = ledgerOf(() =>
    Promise.reject(new WarrenError("storage-failed", "the disk is full")),
  );
  await ledger.counts(0);
  await assert.rejects(
    ledger.save([{ before: member("waiting"), after: member("under-way") }]),
    /disk/,
  );
  assert.deepEqual(await ledger.counts(1), COUNTS);
  assert.equal(countings(), 2);
});
