import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { CampaignStore } from "../ports/campaign-store.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import type { Requester } from "../root-key-updates/requester.ts";
import type { UpdateStarter } from "../root-key-updates/update-starter.ts";
import type { Campaign } from "./campaign.ts";
import type { MemberLedger } from "./members/member-ledger.ts";
import type { SettleContext } from "./members/settle-member.ts";
import type { StartRate } from "./timing/start-rate.ts";

/** What running campaigns needs of others. */
export interface CampaignServices {
  readonly store: CampaignStore &
    Pick<DeviceStore, "loadDevice" | "findDevEuis" | "listUpdateAttempts">;
  readonly starter: UpdateStarter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** See `UpdatePolicy`. */
  readonly shortestPeriodMs: number;
}

/** One look after one campaign. */
export interface RunContext extends CampaignServices {
  readonly campaign: Campaign;
  readonly ledger: MemberLedger;
  readonly rate: StartRate;
  /** False when another process may soon run the campaign, or this one is to end. */
  readonly mayGoOn: () => boolean;
}

/** Carriers are asked this many at a time: one that does not answer holds up only some. */
const AT_A_TIME = 16;
/** So many begin in one turn of the event loop; a database of this process writes them together. */
const PER_TURN = 8;

/**
 * Does `work` for each item, some at a time, as long as there is time for it.
 *
 * @returns a result for each item that there was time for, in order
 */
export async function inGroups<T, R>(
  items: readonly T[],
  { mayGoOn }: Pick<RunContext, "mayGoOn">,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length && mayGoOn(); at += AT_A_TIME) {
    const group = items.slice(at, at + AT_A_TIME).map(async (item, place) => {
      // Joins come first: a synchronous database lets no other request in while it works.
      for (let turn = 0; turn <= place / PER_TURN; turn++) await nextTurn();
      return work(item);
    });
    results.push(...(await Promise.all(group)));
  }
  return results;
}

export function settleContextOf(context: RunContext): SettleContext {
  const { campaign, clock, shortestPeriodMs } = context;
  return { campaign, shortestPeriodMs, now: clock.now() };
}

/** How the attempts of a campaign are called in the timeline of a device. */
export function requesterOf({ id }: Campaign): Requester {
  return `campaign:${id}`;
}
