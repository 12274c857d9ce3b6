/** One thing somebody did, before it has its place in the log. */
export interface AuditEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who: `token:<id>`, `file-token`, `cli`, `peer:<SenderID>` or `system`. */
  readonly actor: string;
  /** What, as `<noun>.<verb>`: `device.create`, `key.export`, `token.revoke`. */
  readonly action: string;
  /** To what: a DevEUI, a NetID, an AS-ID, a token's id, or "" where there is no one thing. */
  readonly subject: string;
  /** What else is to be known: names of changed members, numbers, fingerprints. Never a key or a token. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** An event in its place: each entry holds the hash of the one before. */
export interface AuditEntry extends AuditEvent {
  /** 1 for the first, without gaps. */
  readonly seq: number;
  /** SHA-256 in hex of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  /** See `audit/audit-chain.ts`. */
  readonly hash: string;
}

/** Which entries are wanted; members that are absent ask for nothing. */
export interface AuditQuery {
  readonly actor?: string;
  readonly action?: string;
  /** The first characters of the action, such as `device.`. */
  readonly actionPrefix?: string;
  readonly subject?: string;
}

/** Where a page of the log begins, and how much of it is wanted. */
export interface AuditPlace {
  readonly order: "oldest-first" | "newest-first";
  /** Entries beyond this seq in that order; undefined: from the beginning. */
  readonly beyond?: number | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** `beyond` of the next page, undefined at the end. A page may have fewer entries, and still go on. */
  readonly next: number | undefined;
}

/**
 * The append-only, hash-chained log of every administrative change and every key read. Changes that the
 * store makes are recorded in the same transaction (`audit` of its methods); `appendAudit` is for what
 * changes nothing, as an export of keys.
 *
 * @throws WarrenError `storage-failed` from every method
 */
export interface AuditLog {
  /** Resolves once all of them are on disk, in this order. */
  appendAudit(events: readonly AuditEvent[]): Promise<void>;
  /** Entries after `afterSeq`, oldest first. */
  readAudit(afterSeq: number, limit: number): Promise<AuditEntry[]>;
  /** A search; it looks at a bounded number of entries at a time, so that joins do not wait. */
  findAudit(query: AuditQuery, place: AuditPlace): Promise<AuditPage>;
  /** The newest entry. */
  lastAudit(): Promise<AuditEntry | undefined>;
}
