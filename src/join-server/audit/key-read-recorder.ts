import type { AuditEvent, AuditLog } from "../ports/audit-log.ts";

interface Batch {
  readonly events: AuditEvent[];
  readonly written: Promise<void>;
}

/**
 * Records reads of keys before they leave, at the cost of one transaction for all that come while the one
 * before is being written.
 */
export class KeyReadRecorder {
  readonly #log: Pick<AuditLog, "appendAudit">;
  /** The last write begun, whatever becomes of it. */
  #lastWrite: Promise<void> = Promise.resolve();
  /** Takes more events until the last write has ended. */
  #next: Batch | undefined;

  constructor(log: Pick<AuditLog, "appendAudit">) {
    this.#log = log;
  }

  /** Resolves once the event is on disk; only then may the key leave. @throws WarrenError `storage-failed` */
  record(event: AuditEvent): Promise<void> {
    this.#next ??= this.#openBatch();
    this.#next.events.push(event);
    return this.#next.written;
  }

  #openBatch(): Batch {
    const events: AuditEvent[] = [];
    const written = this.#lastWrite.then(() => {
      this.#next = undefined;
      return this.#log.appendAudit(events);
    });
    this.#lastWrite = written.catch(() => undefined);
    return { events, written };
  }
}
