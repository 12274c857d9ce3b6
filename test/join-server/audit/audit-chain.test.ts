import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  CHAIN_START,
  type ChainPoint,
  chainEntry,
  verifyChain,
} from "../../../src/join-server/audit/audit-chain.ts";
import type { AuditEntry, AuditEvent } from "../../../src/join-server/ports/audit-log.ts";

const event = fc.record<AuditEvent>({
  at: fc.nat(),
  actor: fc.string(),
  action: fc.string(),
  subject: fc.string({ unit: "binary" }),
  details: fc.dictionary(fc.string(), fc.jsonValue()),
});
const log = fc.array(event, { minLength: 1, maxLength: 8 }).map(chainOf);

function chainOf(events: readonly AuditEvent[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previous: ChainPoint = CHAIN_START;
  for (const one of events) {
    const entry = chainEntry(one, previous);
    entries.push(entry);
    previous = entry;
  }
  return entries;
}

describe("the chain of the audit log", () => {
  it("is SHA-256 over the JSON that the documents say", () => {
    const first = chainEntry({
      at: 1_767_225_600_000,
      actor: "token:0102030405060708",
      action: "device.change",
      subject: "0102030405060708",
      details: { changed: ["name"], asId: { to: "b", from: "a" }, nothing: undefined },
    });
    const text =
      `[1,"${"0".repeat(64)}",1767225600000,"token:0102030405060708","device.change",` +
      `"0102030405060708",{"asId":{"from":"a","to":"b"},"changed":["name"]}]`;
    assert.equal(first.hash, createHash("sha256").update(text).digest("hex"));
    assert.equal(first.previousHash, "0".repeat(64));
    const second = chainEntry({ ...first, subject: "x" }, first);
    assert.deepEqual([second.seq, second.previousHash], [2, first.hash]);
  });

  it("is intact as it was written, in parts too, and after being stored as JSON in any order", () => {
    fc.assert(
      fc.property(log, fc.nat({ max: 8 }), (entries, cut) => {
        const stored = entries.map((entry) => ({
          ...entry,
          details: Object.fromEntries(
            Object.entries(JSON.parse(JSON.stringify(entry.details))).reverse(),
          ),
        }));
        const head = { seq: entries.length, hash: entries.at(-1)?.hash as string };
        assert.deepEqual(verifyChain(stored), { isIntact: true, head });
        const first = verifyChain(stored.slice(0, cut));
        assert.ok(first.isIntact);
        assert.deepEqual(verifyChain(stored.slice(cut), first.head), { isIntact: true, head });
      }),
      { numRuns: 100 },
    );
  });

  it("shows every change of a member, and where", () => {
    const changed = fc.tuple(
      log,
      fc.nat(),
      fc.constantFrom<keyof AuditEntry>(
        "at",
        "actor",
        "action",
        "subject",
        "details",
        "seq",
        "previousHash",
        "hash",
      ),
    );
    fc.assert(
      fc.property(changed, ([entries, at, member]) => {
        const index = at % entries.length;
        const forged = entries.map((entry, i) => (i === index ? forge(entry, member) : entry));
        const verdict = verifyChain(forged);
        assert.equal(verdict.isIntact, false);
        // Who forges the hash too is noticed at the next entry.
        assert.ok(!verdict.isIntact && Math.abs(verdict.brokenSeq - (index + 1)) <= 1);
      }),
      { numRuns: 200 },
    );
  });

  it("shows entries that are left out, put in or put elsewhere", () => {
    const events = Array.from({ length: 5 }, (_, at) => ({
      at,
      actor: "a",
      action: "b",
      subject: "",
      details: {},
    }));
    const entries = chainOf(events);
    const [a, b, c, d, e] = entries as [AuditEntry, AuditEntry, AuditEntry, AuditEntry, AuditEntry];
    for (const [forged, brokenSeq] of [
      [[a, c, d, e], 2],
      [[b, c, d, e], 1],
      [[a, c, b, d, e], 2],
      [[a, a, b, c], 2],
      [[a, b, chainEntry(events[0] as AuditEvent, b), c, d], 4],
      // A forger who numbers the rest anew, but cannot keep the hashes that others know.
      [[a, { ...c, seq: 2 }], 2],
    ] as const) {
      const verdict = verifyChain(forged);
      assert.ok(!verdict.isIntact);
      assert.equal(verdict.brokenSeq, brokenSeq);
      assert.match(verdict.problem, /entry \d/);
    }
  });
});

function forge(entry: AuditEntry, member: keyof AuditEntry): AuditEntry {
  const other: Record<keyof AuditEntry, unknown> = {
    at: entry.at + 1,
    actor: `${entry.actor}x`,
    action: `${entry.action} `,
    subject: `${entry.subject}\u0000`,
    details: { ...entry.details, more: 1 },
    seq: entry.seq + 1,
    previousHash: "f".repeat(64),
    hash: "e".repeat(64),
  };
  return { ...entry, [member]: other[member] };
}
