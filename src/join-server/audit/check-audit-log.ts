import type { AuditEntry } from "../ports/audit-log.ts";
import { CHAIN_START, type ChainPoint, type ChainVerdict, verifyChain } from "./audit-chain.ts";

/** What became of a check of a whole log. */
export type LogVerdict = ChainVerdict & {
  /** Whether an entry has the head that was expected; true when none was. */
  readonly hasExpectedHead: boolean;
};

export interface LogCheck {
  /** The hash of an entry noted before, which must still be there. */
  readonly expectHead?: string | undefined;
  /** Told after each page how many entries have been checked. */
  readonly onProgress?: (checked: number) => void;
}

/**
 * Checks a whole audit log against its hashes, wherever its pages come from, up to the first entry that is not as
 * it was written.
 *
 * @param pages all entries, oldest first
 * @throws what reading a page throws
 */
export async function checkAuditLog(
  pages: AsyncIterable<readonly AuditEntry[]>,
  { expectHead, onProgress }: LogCheck = {},
): Promise<LogVerdict> {
  let head: ChainPoint = CHAIN_START;
  let hasExpectedHead = expectHead === undefined;
  for await (const entries of pages) {
    const verdict = verifyChain(entries, head);
    if (!verdict.isIntact) return { ...verdict, hasExpectedHead };
    hasExpectedHead ||= entries.some(({ hash }) => hash === expectHead);
    head = verdict.head;
    onProgress?.(head.seq);
  }
  return { isIntact: true, head, hasExpectedHead };
}
