import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import {
  type WeakKeyProgress,
  WeakKeyReport,
  type WeakKeyReportOptions,
} from "./weak-key-report.ts";

export interface WeakKeyReportsOptions extends WeakKeyReportOptions {
  readonly store: WeakKeyReportOptions["store"] & Pick<AuditLog, "appendAudit">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The newest report, being made or done. */
export interface WeakKeyReportState extends WeakKeyProgress {
  readonly status: "running" | "done" | "failed";
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

interface Job {
  readonly report: WeakKeyReport;
  readonly startedAt: number;
  status: WeakKeyReportState["status"];
  endedAt: number | undefined;
  done: Promise<void>;
}

/** Makes weak key reports, one at a time, and keeps the newest in memory. */
export class WeakKeyReports {
  readonly #options: WeakKeyReportsOptions;
  readonly #stop = new AbortController();
  #job: Job | undefined;

  constructor(options: WeakKeyReportsOptions) {
    this.#options = options;
  }

  /** Undefined before the first. */
  newest(): WeakKeyReportState | undefined {
    if (this.#job === undefined) return undefined;
    const { report, status, startedAt, endedAt } = this.#job;
    return { ...report.progress(), status, startedAt, endedAt };
  }

  /** Starts a report, unless one is being made. It reads every root key, so the audit log says who asked. */
  start(actor: string): WeakKeyReportState {
    const { store, clock } = this.#options;
    if (this.#job?.status !== "running") {
      const at = clock.now();
      const job: Job = {
        report: new WeakKeyReport(this.#options),
        startedAt: at,
        status: "running",
        endedAt: undefined,
        done: Promise.resolve(),
      };
      this.#job = job;
      const event = { at, actor, action: "report.weak-keys", subject: "", details: {} };
      job.done = this.#run(job, () => store.appendAudit([event]));
    }
    return this.newest() as WeakKeyReportState;
  }

  /** Ends a report that is being made. */
  async close(): Promise<void> {
    this.#stop.abort(new WarrenError("storage-failed", "the server stops"));
    await this.#job?.done;
  }

  async #run(job: Job, record: () => Promise<void>): Promise<void> {
    try {
      await record();
      await job.report.run(this.#stop.signal);
      job.status = "done";
    } catch (error) {
      job.status = "failed";
      this.#options.logger.error(
        { event: "weak-key-report-failed", err: error },
        "no weak key report",
      );
    }
    job.endedAt = this.#options.clock.now();
  }
}
