import { sha256Hex } from "../../crypto/sha256.ts";
import type { AuditEntry, AuditEvent } from "../ports/audit-log.ts";

/** The place of an entry in the chain: what the next one is bound to. */
export type ChainPoint = Pick<AuditEntry, "seq" | "hash">;

/** Before the first entry. */
export const CHAIN_START: ChainPoint = { seq: 0, hash: "0".repeat(64) };

/** What became of a check: the newest entry, or the first one that is not as it was written. */
export type ChainVerdict =
  | { readonly isIntact: true; readonly head: ChainPoint }
  | { readonly isIntact: false; readonly brokenSeq: number; readonly problem: string };

/**
 * The entry of an event after `previous`. The hash is SHA-256 in hex over the UTF-8 of
 * `JSON.stringify([seq, previousHash, at, actor, action, subject, details])`, the members of `details` in
 * the order of their names, so that a database may keep them in any.
 */
export function chainEntry(event: AuditEvent, previous: ChainPoint = CHAIN_START): AuditEntry {
  const unsealed = {
    at: event.at,
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    // As they are after being stored as JSON: members that are undefined are gone.
    details: JSON.parse(JSON.stringify(event.details)) as AuditEvent["details"],
    seq: previous.seq + 1,
    previousHash: previous.hash,
  };
  return { ...unsealed, hash: hashEntry(unsealed) };
}

/**
 * Checks entries against their hashes and each other. A tail that was cut off cannot be seen: compare the
 * head with one noted elsewhere.
 *
 * @param entries as the log gives them, oldest first
 * @param from the entry before the first of them
 */
export function verifyChain(
  entries: readonly AuditEntry[],
  from: ChainPoint = CHAIN_START,
): ChainVerdict {
  let head = from;
  for (const entry of entries) {
    const problem = findProblem(entry, head);
    if (problem !== undefined) return { isIntact: false, brokenSeq: head.seq + 1, problem };
    head = { seq: entry.seq, hash: entry.hash };
  }
  return { isIntact: true, head };
}

function findProblem(entry: AuditEntry, previous: ChainPoint): string | undefined {
  const expected = previous.seq + 1;
  if (entry.seq !== expected) return `entry ${expected} is missing: ${entry.seq} follows`;
  if (entry.previousHash !== previous.hash) {
    return `entry ${entry.seq} does not follow the entry before it`;
  }
  if (entry.hash !== hashEntry(entry)) return `entry ${entry.seq} is not as it was written`;
  return undefined;
}

function hashEntry(entry: Omit<AuditEntry, "hash">): string {
  const { seq, previousHash, at, actor, action, subject, details } = entry;
  return sha256Hex(
    JSON.stringify([seq, previousHash, at, actor, action, subject, sortMembers(details)]),
  );
}

/** The same JSON value with the members of every object in the order of their names (UTF-16). */
function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, inner]) => [name, sortMembers(inner)]));
}
