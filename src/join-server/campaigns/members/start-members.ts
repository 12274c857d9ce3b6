import { setImmediate as nextTurn } from "node:timers/promises";
import { type ErrorCode, WarrenError } from "../../../errors.ts";
import type { CampaignMember } from "../campaign.ts";
import { inGroups, type RunContext, requesterOf, settleContextOf } from "../run-context.ts";
import { examineDevice } from "./examine-device.ts";
import type { MemberChange } from "./member-ledger.ts";
import { ended, failAttempt } from "./settle-member.ts";
import { beginning, underWay } from "./under-way.ts";
import { unlessUnreadable } from "./unreadable-device.ts";

/** What one transaction notes is to be little. */
const STARTS_PER_ROUND = 200;
const EXAMINED_PER_ROUND = 500;
/** Joins go on in between. */
const EXAMINED_PER_TURN = 16;

/** Refusals that no further attempt would change. */
const SKIPPED: readonly ErrorCode[] = [
  "device-unknown",
  "device-disabled",
  "update-not-deliverable",
];
const FINAL: readonly ErrorCode[] = [
  "suite-not-allowed",
  "update-id-exhausted",
  "root-key-missing",
];
/** Nobody knows whether the start is stored: the device is asked a little later. */
const UNCLEAR: readonly ErrorCode[] = [
  "storage-failed",
  "write-conflict",
  "vault-unavailable",
  "vault-key-unknown",
];
const UNCLEAR_LOOK_MS = 5_000;

/**
 * Starts as many updates as the rate, the room and a round allow. It is noted first that they are started, and after
 * that which update it was: between the two the device's own record tells what has become of it.
 *
 * @param isCanaryPhase only canaries are started
 * @returns whether another round may find more to start at once
 */
export async function startMembers(context: RunContext, isCanaryPhase: boolean): Promise<boolean> {
  const { campaign, store, ledger, rate, clock } = context;
  const now = clock.now();
  const counts = await ledger.counts(now);
  const room = Math.min(
    rate.available(now),
    campaign.settings.maxUnderWay - counts["under-way"],
    STARTS_PER_ROUND,
  );
  if (room <= 0) return false;
  const query = {
    states: ["waiting"],
    dueAt: now,
    ...(isCanaryPhase && { isCanary: true }),
  } as const;
  const due = await store.findMembers(campaign.id, query, EXAMINED_PER_ROUND);
  const examined = await examine(context, due, room);
  await ledger.save(examined);
  const begun = examined.map(({ after }) => after).filter(isBegun);
  const outcomes = await inGroups(begun, context, (member) => startOne(context, member));
  await ledger.save(
    begun.map((before, index) => ({ before, after: outcomes[index] ?? notBegun(before, now) })),
  );
  if (outcomes.length < begun.length) return false;
  // Else the rate, the room or the devices have come to their end.
  return begun.length < room ? due.length === EXAMINED_PER_ROUND : room === STARTS_PER_ROUND;
}

/** What each device needs, until so many have been found that are to be under way. */
async function examine(
  context: RunContext,
  due: readonly CampaignMember[],
  room: number,
): Promise<MemberChange[]> {
  const changes: MemberChange[] = [];
  let found = 0;
  // One at a time: the rate is taken from as they come.
  for (let at = 0; at < due.length && found < room && context.mayGoOn(); at += 1) {
    const before = due[at] as CampaignMember;
    const after = await unlessUnreadable(context, before, () => examineOne(context, before));
    if (after.state === "under-way") found += 1;
    changes.push({ before, after });
    if (at % EXAMINED_PER_TURN === 0) await nextTurn();
  }
  return changes;
}

async function examineOne(context: RunContext, member: CampaignMember): Promise<CampaignMember> {
  const { campaign, store, rate, clock, shortestPeriodMs } = context;
  const now = clock.now();
  const device = await store.loadDevice(member.devEui);
  const examined = examineDevice(device, campaign, { now, shortestPeriodMs });
  switch (examined.kind) {
    case "skip":
      return ended(member, "skipped", examined.reason, now);
    case "wait":
      return { ...member, nextAttemptAt: examined.until };
    case "updated":
      return ended({ ...member, updateId: examined.updateId }, "updated", undefined, now);
    case "join": {
      const { updateId } = examined;
      return underWay(beginning(member, now), { updateId, isDelivered: true }, campaign.settings);
    }
    case "start": {
      const gatewayId = device?.lastGatewayId;
      if (gatewayId !== undefined && !rate.hasRoom(gatewayId, now)) {
        return { ...member, nextAttemptAt: rate.reserveSlot(gatewayId, now) };
      }
      rate.take(gatewayId, now);
      return beginning(member, now);
    }
  }
}

async function startOne(context: RunContext, member: CampaignMember): Promise<CampaignMember> {
  const { campaign, starter, logger } = context;
  const { suite, isHealing } = campaign.settings;
  const order = { requestedBy: requesterOf(campaign), suite, isHealing };
  try {
    const started = await starter.start(member.devEui, { ...order, respectsMinimumPeriod: false });
    return underWay(member, started, campaign.settings);
  } catch (error) {
    if (!(error instanceof WarrenError)) {
      const fields = { event: "defect", devEui: member.devEui, err: error };
      logger.error(fields, "the start of an update of a campaign failed");
      return { ...member, nextAttemptAt: context.clock.now() + UNCLEAR_LOOK_MS };
    }
    return afterRefusal(context, member, error.code);
  }
}

function afterRefusal(
  context: RunContext,
  member: CampaignMember,
  code: ErrorCode,
): CampaignMember {
  const now = context.clock.now();
  if (UNCLEAR.includes(code)) return { ...member, nextAttemptAt: now + UNCLEAR_LOOK_MS };
  if (SKIPPED.includes(code)) return ended(member, "skipped", code, now);
  if (FINAL.includes(code)) return ended(member, "failed", code, now);
  return failAttempt(member, code, settleContextOf(context));
}

/** Under way and not yet started. */
function isBegun(member: CampaignMember): boolean {
  return member.state === "under-way" && member.updateId === undefined;
}

/** There was no time for it. */
function notBegun(member: CampaignMember, now: number): CampaignMember {
  return { ...member, state: "waiting", attempts: member.attempts - 1, nextAttemptAt: now };
}
