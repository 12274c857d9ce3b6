import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { AuditEntry, AuditLog } from "../ports/audit-log.ts";
import type { ChainVerdict } from "./audit-chain.ts";
import { checkAuditLog } from "./check-audit-log.ts";

export interface AuditChainReportsOptions {
  readonly store: Pick<AuditLog, "readAudit" | "lastAudit">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The newest check, being made or done. */
export interface AuditChainReport {
  readonly status: "running" | "done" | "failed";
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly checked: number;
  /** Entries when it began; some may come meanwhile, and are checked too. */
  readonly total: number;
  /** Of one that is done. */
  readonly verdict: ChainVerdict | undefined;
}

interface Job {
  report: AuditChainReport;
  done: Promise<void>;
}

/** Entries hashed before joins get their turn: some milliseconds. */
const PAGE = 250;

/**
 * Checks the hash chain of the audit log in the background, one check at a time, and keeps the newest in memory. It
 * is this server that says so: somebody who can change it as well as its database is only found out by a check from
 * elsewhere (`warren audit verify`).
 */
export class AuditChainReports {
  readonly #options: AuditChainReportsOptions;
  readonly #stop = new AbortController();
  #job: Job | undefined;

  constructor(options: AuditChainReportsOptions) {
    this.#options = options;
  }

  /** Undefined before the first. */
  newest(): AuditChainReport | undefined {
    return this.#job?.report;
  }

  /** Starts a check, unless one is being made. */
  start(): AuditChainReport {
    if (this.#job?.report.status !== "running") {
      const report = {
        status: "running",
        startedAt: this.#options.clock.now(),
        endedAt: undefined,
        checked: 0,
        total: 0,
        verdict: undefined,
      } as const;
      const job: Job = { report, done: Promise.resolve() };
      this.#job = job;
      job.done = this.#run(job);
    }
    return (this.#job as Job).report;
  }

  /** Ends a check that is being made. */
  async close(): Promise<void> {
    this.#stop.abort(new WarrenError("storage-failed", "the server stops"));
    await this.#job?.done;
  }

  async #run(job: Job): Promise<void> {
    const { store, clock, logger } = this.#options;
    const say = (news: Partial<AuditChainReport>): void => {
      job.report = { ...job.report, ...news };
    };
    try {
      say({ total: (await store.lastAudit())?.seq ?? 0 });
      const verdict = await checkAuditLog(this.#pages(), {
        onProgress: (checked) => say({ checked }),
      });
      say({ status: "done", verdict });
      if (!verdict.isIntact) {
        const { brokenSeq, problem } = verdict;
        logger.error({ event: "audit-log-broken", seq: brokenSeq }, problem);
      }
    } catch (error) {
      say({ status: "failed" });
      logger.error({ event: "audit-chain-report-failed", err: error }, "no check of the audit log");
    }
    say({ endedAt: clock.now() });
  }

  async *#pages(): AsyncGenerator<AuditEntry[]> {
    for (let after = 0; ; ) {
      this.#stop.signal.throwIfAborted();
      const entries = await this.#options.store.readAudit(after, PAGE);
      yield entries;
      const last = entries.at(-1);
      if (last === undefined || entries.length < PAGE) return;
      after = last.seq;
      await nextTurn();
    }
  }
}
