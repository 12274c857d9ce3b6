import { setImmediate as nextTurn } from "node:timers/promises";
import { WarrenError } from "../../../errors.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Device } from "../../device.ts";
import type { CampaignMember } from "../campaign.ts";
import { inGroups, type RunContext, requesterOf, settleContextOf } from "../run-context.ts";
import { isOpen } from "../timing/time-window.ts";
import type { MemberChange } from "./member-ledger.ts";
import { ended, failAttempt, settleMember } from "./settle-member.ts";
import { lookedAt, underWay } from "./under-way.ts";
import { unlessUnreadable } from "./unreadable-device.ts";

const PER_PAGE = 200;
/** A tick is to be short: what is left comes with the next one. */
const PAGES_PER_TICK = 10;

/**
 * Takes note of the attempts that are over. With tens of thousands under way one look does not see them all.
 *
 * @param after where the look before this one has ended
 * @returns where the next one is to begin; undefined: with the first
 */
export async function settleOver(
  context: RunContext,
  after: Eui64 | undefined,
): Promise<Eui64 | undefined> {
  const { store, ledger, campaign, mayGoOn } = context;
  let from = after;
  for (let page = 0; page < PAGES_PER_TICK && mayGoOn(); page++) {
    const { members: over, next } = await store.findOverMembers(campaign.id, PER_PAGE, from);
    const settled = await changeEach(context, over, async (member) =>
      settle(context, member, await store.loadDevice(member.devEui)),
    );
    await ledger.save(settled);
    // Where there was no time for all of them, the next look begins with the first of those.
    from = settled.length < over.length ? (settled.at(-1)?.before.devEui ?? from) : next;
    if (from === undefined) break;
  }
  return from;
}

/**
 * Looks at attempts that should have come further: hands their requests over again, and ends those that have
 * had their time.
 */
export async function followUnderWay(context: RunContext): Promise<void> {
  const { store, ledger, campaign, clock } = context;
  const query = { states: ["under-way"], dueAt: clock.now() } as const;
  const due = await store.findMembers(campaign.id, query, PER_PAGE);
  await ledger.save(await changeEach(context, due, (member) => followOne(context, member)));
}

/** Ends the part of every device that has not come to its end, for an aborted campaign. */
export async function windDown(context: RunContext): Promise<void> {
  const { store, ledger, campaign, clock } = context;
  const now = clock.now();
  for (let page = 0; page < PAGES_PER_TICK; page++) {
    const waiting = await store.findMembers(campaign.id, { states: ["waiting"] }, PER_PAGE);
    await ledger.save(
      waiting.map((before) => ({
        before,
        after: ended(before, "skipped", "campaign-aborted", now),
      })),
    );
    if (waiting.length < PER_PAGE) break;
    await nextTurn();
  }
  if (!campaign.abortsUpdates) return;
  const started = await store.findMembers(campaign.id, { states: ["under-way"] }, PER_PAGE);
  await ledger.save(
    await changeEach(context, started, (member) => giveUpUnlessOver(context, member)),
  );
}

/** What becomes of each member that there is time for. */
function changeEach(
  context: RunContext,
  members: readonly CampaignMember[],
  work: (member: CampaignMember) => Promise<CampaignMember>,
): Promise<MemberChange[]> {
  return inGroups(members, context, async (before) => ({
    before,
    after: await unlessUnreadable(context, before, () => work(before)),
  }));
}

async function settle(
  { store, ...context }: RunContext,
  member: CampaignMember,
  device: Device | undefined,
): Promise<CampaignMember> {
  const { updateId, devEui } = member;
  const isOnRecord = updateId === undefined || device?.rootKeys.update?.updateId === updateId;
  const [past] = isOnRecord ? [] : await store.listUpdateAttempts(devEui, 1, updateId + 1);
  const isPast = past?.updateId === updateId;
  return settleMember(
    member,
    device,
    settleContextOf({ store, ...context }),
    isPast ? past : undefined,
  );
}

async function followOne(context: RunContext, member: CampaignMember): Promise<CampaignMember> {
  const { store, campaign, clock } = context;
  const device = await store.loadDevice(member.devEui);
  const settled = await settle(context, member, device);
  if (device === undefined || settled.state !== "under-way") return settled;
  const now = clock.now();
  const { settings } = campaign;
  if (member.updateId === undefined && settled.updateId !== undefined) {
    // Found after a crash: whether a carrier has taken the request is not known.
    const { updateId } = settled;
    return underWay({ ...settled, startedAt: now }, { updateId, isDelivered: false }, settings);
  }
  if (now - (member.startedAt ?? now) >= settings.attemptTimeoutMs) {
    return isOurs(context, device)
      ? giveUp(context, member, "attempt-timeout")
      : { ...member, nextAttemptAt: now + settings.attemptTimeoutMs };
  }
  const isRoomy = await redeliver(context, device);
  return isRoomy ? lookedAt(member, settings, now) : { ...member, nextAttemptAt: now + 1_000 };
}

/**
 * Hands a request over again that nothing has been heard of: the carrier may not have been there, or the air
 * has lost it. It takes downlinks, so it counts as a start does.
 *
 * @returns false when there was no room for it
 */
async function redeliver(context: RunContext, device: Device): Promise<boolean> {
  const { campaign, rate, starter, clock } = context;
  const now = clock.now();
  const isWaiting = device.rootKeys.update?.status === "prepared";
  const isAllowed = campaign.state === "running" && isOpen(campaign.settings.windows, now);
  if (!isWaiting || !isAllowed) return true;
  if (rate.available(now) === 0 || !rate.hasRoom(device.lastGatewayId, now)) return false;
  rate.take(device.lastGatewayId, now);
  await starter.deliver(device.devEui);
  return true;
}

async function giveUpUnlessOver(
  context: RunContext,
  member: CampaignMember,
): Promise<CampaignMember> {
  const device = await context.store.loadDevice(member.devEui);
  const settled = await settle(context, member, device);
  if (device === undefined || settled.state !== "under-way") return settled;
  // What somebody else has asked for is left alone.
  return isOurs(context, device)
    ? giveUp(context, member, "aborted")
    : ended(member, "skipped", "campaign-aborted", context.clock.now());
}

/** Ends the update of a member, which must be ours. */
async function giveUp(
  context: RunContext,
  member: CampaignMember,
  reason: string,
): Promise<CampaignMember> {
  try {
    await context.starter.abort(member.devEui, requesterOf(context.campaign));
  } catch (error) {
    // It has come to its end just now; the next tick sees which.
    if (error instanceof WarrenError && error.code === "update-not-found") return member;
    throw error;
  }
  return failAttempt(member, reason, settleContextOf(context));
}

function isOurs({ campaign }: RunContext, device: Device): boolean {
  return (
    device.attempt?.outcome === "under-way" && device.attempt.requestedBy === requesterOf(campaign)
  );
}
