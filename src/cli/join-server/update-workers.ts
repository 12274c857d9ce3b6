import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { CampaignRunner } from "../../join-server/campaigns/campaign-runner.ts";
import type { PolicyBook } from "../../join-server/policies/policy-book.ts";
import { UpdateScheduler } from "../../join-server/policies/scheduler/update-scheduler.ts";
import type { EventSink } from "../../join-server/ports/events.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import { ExpirySweep } from "../../join-server/root-key-updates/timeline/expiry-sweep.ts";
import type { UpdatePolicy } from "../../join-server/root-key-updates/update-policy.ts";
import type { UpdateStarter } from "../../join-server/root-key-updates/update-starter.ts";
import type { Logger } from "../../logger.ts";
import type { JoinServerConfig } from "../config/join-server-config.ts";

export interface UpdateWorkersOptions {
  readonly store: JoinServerStore;
  readonly starter: UpdateStarter;
  readonly policies: PolicyBook;
  readonly updatePolicy: UpdatePolicy;
  readonly schedule: JoinServerConfig["policies"];
  /** As `CampaignRunnerOptions.owner`. */
  readonly owner?: string | undefined;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly events: EventSink;
  readonly logger: Logger;
}

/** A server that carries updates may be slow to answer; what is under way goes on at the next start. */
const STOP_GRACE_MS = 3_000;

/** What is done about root key updates without being asked: policies, campaigns, expiry. */
export class UpdateWorkers {
  readonly #scheduler: UpdateScheduler;
  readonly #campaigns: CampaignRunner;
  readonly #expiry: ExpirySweep;

  constructor(options: UpdateWorkersOptions) {
    const { schedule, updatePolicy } = options;
    this.#scheduler = new UpdateScheduler({ ...options, ...schedule });
    const { shortestPeriodMs } = updatePolicy;
    this.#campaigns = new CampaignRunner({ ...options, shortestPeriodMs });
    this.#expiry = new ExpirySweep(options);
  }

  start(): void {
    this.#expiry.start();
    this.#scheduler.start();
    this.#campaigns.start();
  }

  /** To be called while the store is open. */
  async close(): Promise<void> {
    const ended = [this.#scheduler.close(), this.#campaigns.close(), this.#expiry.close()];
    await Promise.race([Promise.all(ended), sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  }
}
