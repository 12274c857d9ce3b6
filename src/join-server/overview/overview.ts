import type { Clock } from "../../clock.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { CampaignState } from "../campaigns/campaign.ts";
import type { JoinServerStore } from "../ports/join-server-store.ts";
import { findStuckDevices } from "../root-key-updates/stuck/stuck-devices.ts";
import { addUpTallies, type DeviceTotals } from "./device-totals.ts";
import { KeptResult, type KeptResultOptions } from "./kept-result.ts";

/** All that an operator wants to see first. */
export interface OverviewState {
  readonly devices: DeviceTotals;
  /** `isCapped`: there may be more. */
  readonly stuckDevices: { readonly count: number; readonly isCapped: boolean };
  readonly campaigns: Readonly<Record<CampaignState, number>>;
  /** Certificates that have expired or will within 30 days. */
  readonly expiringCertificates: number;
  readonly peers: { readonly networkServers: number; readonly applicationServers: number };
  /** Epoch milliseconds when counting began. */
  readonly countedAt: number;
}

export interface OverviewOptions {
  readonly store: JoinServerStore;
  readonly clock: Clock;
  /** When each certificate in use or on record expires, in epoch milliseconds. */
  readonly certificateExpiries: () => Promise<readonly number[]>;
  readonly keeping?: KeptResultOptions;
}

/** An update that has rested for so long is stuck, as in the report of stuck devices. */
const WAITING_MS = 6 * 3_600_000;
const STUCK_MAX = 1_000;
const STUCK_PAGE = 100;
/** A page looks at 10,000 devices, or at a hundred that may be stuck. */
const STUCK_PAGES_MAX = 200;
const CERTIFICATE_WARNING_MS = 30 * 86_400_000;
/** For a list that shows how many there are besides its rows. */
const TOTAL_PATIENCE_MS = 200;

/**
 * Counts over the whole database, kept for at least a second and for twenty times as long as they took, so that
 * a page that is looked at by many costs what it costs one.
 */
export class Overview {
  readonly #options: OverviewOptions;
  readonly #state: KeptResult<OverviewState>;
  readonly #total: KeptResult<number>;

  constructor(options: OverviewOptions) {
    this.#options = options;
    this.#state = new KeptResult(() => this.#count(), options.keeping);
    this.#total = new KeptResult(() => options.store.countDevices(), {
      ...options.keeping,
      patienceMs: TOTAL_PATIENCE_MS,
    });
  }

  /** @throws WarrenError `storage-failed` */
  read(): Promise<OverviewState> {
    return this.#state.get();
  }

  /** How many devices there are, some seconds old at most. @throws WarrenError `storage-failed` */
  totalDevices(): Promise<number> {
    return this.#total.get();
  }

  async #count(): Promise<OverviewState> {
    const { store, clock } = this.#options;
    const countedAt = clock.now();
    const networkServers = (await store.listNetworkServers()).length;
    const applicationServers = (await store.listApplicationServers()).length;
    return {
      devices: addUpTallies(await store.tallyDevices()),
      stuckDevices: await this.#countStuck(),
      campaigns: await this.#countCampaigns(),
      expiringCertificates: await this.#countExpiring(countedAt + CERTIFICATE_WARNING_MS),
      peers: { networkServers, applicationServers },
      countedAt,
    };
  }

  async #countStuck(): Promise<OverviewState["stuckDevices"]> {
    const { store, clock } = this.#options;
    const query = { waitingMs: WAITING_MS, limit: STUCK_PAGE };
    let count = 0;
    let after: Eui64 | undefined;
    for (let pages = 0; pages < STUCK_PAGES_MAX && count < STUCK_MAX; pages++) {
      const page = await findStuckDevices(store, clock, { ...query, after });
      count += page.devices.length;
      after = page.next;
      if (after === undefined) return { count, isCapped: false };
    }
    return { count, isCapped: true };
  }

  async #countCampaigns(): Promise<OverviewState["campaigns"]> {
    const counts = { preparing: 0, running: 0, paused: 0, finished: 0, aborted: 0 };
    for (const { state } of await this.#options.store.listCampaigns()) counts[state]++;
    return counts;
  }

  async #countExpiring(until: number): Promise<number> {
    const expiries = await this.#options.certificateExpiries();
    return expiries.filter((expiry) => expiry < until).length;
  }
}
