import { systemRandomBytes } from "../../../../src/crypto/random.ts";
import type {
  Campaign,
  CampaignMember,
  CampaignSettings,
} from "../../../../src/join-server/campaigns/campaign.ts";
import { CampaignAdministration } from "../../../../src/join-server/campaigns/campaign-administration.ts";
import { CampaignRunner } from "../../../../src/join-server/campaigns/campaign-runner.ts";
import type { JoinServerEvent } from "../../../../src/join-server/ports/events.ts";
import { silentLogger } from "../../../../src/logger.ts";
import type { Fleet } from "./fleet.ts";
import { settingsOf } from "./fleet.ts";

export const ACTOR = "token:0123456789abcdef";
export const SHORTEST_PERIOD_MS = 2 ** 11 * 1000;

/** Campaigns of a fleet, with a clock that only the test moves. */
export class CampaignRig {
  readonly fleet: Fleet;
  readonly events: JoinServerEvent[] = [];
  readonly administration: CampaignAdministration;
  readonly errors: unknown[] = [];
  runner: CampaignRunner;

  constructor(fleet: Fleet) {
    this.fleet = fleet;
    this.administration = new CampaignAdministration({
      store: fleet.store,
      clock: fleet.clock,
      randomBytes: systemRandomBytes,
      events: this.#sink(),
      updatePolicy: {
        expiryMs: 24 * 60 * 60 * 1000,
        attemptPeriodMs: 0,
        allowRabbitSplit: false,
        shortestPeriodMs: SHORTEST_PERIOD_MS,
      },
    });
    this.runner = this.newRunner();
  }

  /** Another process on the same database. */
  newRunner(owner?: string): CampaignRunner {
    const { store, clock } = this.fleet;
    return new CampaignRunner({
      owner,
      store,
      clock,
      starter: this.fleet,
      logger: { ...silentLogger, error: (fields) => this.errors.push(fields) },
      shortestPeriodMs: SHORTEST_PERIOD_MS,
      randomBytes: systemRandomBytes,
      events: this.#sink(),
    });
  }

  async create(changes: Partial<CampaignSettings> = {}): Promise<Campaign> {
    const settings = settingsOf(changes);
    return (await this.administration.create({ settings }, ACTOR)).campaign;
  }

  /** Ticks of a second each. */
  async ticks(count: number, between: () => void = () => undefined): Promise<void> {
    for (let tick = 0; tick < count; tick++) {
      this.fleet.clock.time += 1_000;
      await this.runner.tick();
      between();
    }
  }

  campaign(id: string): Campaign {
    return this.fleet.store.campaigns.get(id) as Campaign;
  }

  members(id: string): CampaignMember[] {
    return [...(this.fleet.store.members.get(id)?.values() ?? [])];
  }

  kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  #sink() {
    return { publish: (event: JoinServerEvent) => void this.events.push(event) };
  }
}
