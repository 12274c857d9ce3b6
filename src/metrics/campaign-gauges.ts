import { Gauge, type Registry } from "prom-client";
import {
  CAMPAIGN_STATES,
  type CampaignState,
  MEMBER_STATES,
  type MemberState,
} from "../join-server/campaigns/campaign.ts";
import type { CampaignStore } from "../join-server/ports/campaign-store.ts";

/** For how long a count holds: counting the devices of large campaigns takes the database a moment. */
const COUNT_HOLDS_MS = 10_000;

/** What there is of campaigns that have not ended. */
interface CampaignTotals {
  readonly campaigns: Readonly<Record<CampaignState, number>>;
  readonly devices: Readonly<Record<MemberState, number>>;
}

/** Campaigns that have not ended and their devices, by state; never by campaign. */
export function campaignGauges(
  registry: Registry,
  store: Pick<CampaignStore, "listCampaigns" | "countMembers">,
): void {
  const totals = heldFor(COUNT_HOLDS_MS, () => countAll(store));
  gauge(registry, "campaigns", "Campaigns that have not ended", async (set) => {
    const counted = await totals();
    for (const state of CAMPAIGN_STATES) set(state, counted?.campaigns[state]);
  });
  gauge(registry, "campaign_devices", "Devices of campaigns that have not ended", async (set) => {
    const counted = await totals();
    for (const state of MEMBER_STATES) set(state, counted?.devices[state]);
  });
}

async function countAll(
  store: Pick<CampaignStore, "listCampaigns" | "countMembers">,
): Promise<CampaignTotals> {
  const campaigns = { preparing: 0, running: 0, paused: 0, finished: 0, aborted: 0 };
  const devices = { waiting: 0, "under-way": 0, updated: 0, failed: 0, skipped: 0 };
  for (const { id, state, endedAt } of await store.listCampaigns()) {
    if (endedAt !== undefined) continue;
    campaigns[state] += 1;
    const counts = await store.countMembers(id);
    for (const member of MEMBER_STATES) devices[member] += counts[member];
  }
  return { campaigns, devices };
}

/** Undefined while the database does not answer. */
function heldFor<T>(holdsMs: number, count: () => Promise<T>): () => Promise<T | undefined> {
  let known: { readonly value: Promise<T | undefined>; readonly at: number } | undefined;
  return () => {
    const now = performance.now();
    if (known === undefined || now - known.at >= holdsMs) {
      known = { value: count().catch(() => undefined), at: now };
    }
    return known.value;
  };
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  collect: (set: (state: string, value: number | undefined) => void) => Promise<void>,
): void {
  new Gauge({
    name: `warren_${name}`,
    help,
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      this.reset();
      await collect((state, value) => {
        if (value !== undefined) this.set({ state }, value);
      });
    },
  });
}
