import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AuditPlace, AuditQuery } from "../../../../src/join-server/ports/audit-log.ts";
import { auditEvent } from "./arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "./store-under-test.ts";

const ACTIONS = ["device.create", "device.change", "devices.other", "key.export"] as const;
/** More than a search looks at in one call. */
const ENTRIES = 10_250;

const eventOf = (index: number) =>
  auditEvent({
    actor: `token:${index % 3}`,
    action: ACTIONS[index % ACTIONS.length] as string,
    subject: index === 7 ? "the seventh" : `subject ${index % 5}`,
  });

export function describeAuditSearch(makeDatabase: MakeDatabase): void {
  describe("a search of the audit log", () => {
    const under = new StoreUnderTest(makeDatabase);

    /** All pages, and how many there were. */
    async function found(query: AuditQuery, place: Omit<AuditPlace, "beyond">) {
      const seqs: number[] = [];
      let pages = 0;
      for (let beyond: number | undefined, isFirst = true; isFirst || beyond !== undefined; ) {
        const page = await under.store.findAudit(query, { ...place, beyond });
        assert.ok(page.entries.length <= place.limit);
        seqs.push(...page.entries.map(({ seq }) => seq));
        pages++;
        isFirst = false;
        beyond = page.next;
      }
      return { seqs, pages };
    }

    it("finds nothing in an empty log", async () => {
      for (const order of ["oldest-first", "newest-first"] as const) {
        const page = await under.store.findAudit({ actor: "x" }, { order, limit: 3 });
        assert.deepEqual(page, { entries: [], next: undefined });
      }
    });

    it("gives the entries that fit, all of them, in either order", async () => {
      const events = Array.from({ length: ENTRIES }, (_, index) => eventOf(index + 1));
      for (let start = 0; start < ENTRIES; start += 2_500) {
        await under.store.appendAudit(events.slice(start, start + 2_500));
      }
      const queries: [AuditQuery, (event: (typeof events)[0]) => boolean][] = [
        [{}, () => true],
        [{ actor: "token:1" }, ({ actor }) => actor === "token:1"],
        [{ action: "device.change" }, ({ action }) => action === "device.change"],
        [{ actionPrefix: "device." }, ({ action }) => action.startsWith("device.")],
        [{ subject: "the seventh" }, ({ subject }) => subject === "the seventh"],
        [{ subject: "nothing" }, () => false],
        [
          { actor: "token:0", actionPrefix: "key.", subject: "subject 2" },
          ({ actor, action, subject }) =>
            actor === "token:0" && action === "key.export" && subject === "subject 2",
        ],
      ];
      for (const [query, fits] of queries) {
        const expected = events.flatMap((event, index) => (fits(event) ? [index + 1] : []));
        const oldest = await found(query, { order: "oldest-first", limit: 1_000 });
        assert.deepEqual(oldest.seqs, expected, JSON.stringify(query));
        const newest = await found(query, { order: "newest-first", limit: 1_000 });
        assert.deepEqual(newest.seqs, expected.toReversed(), JSON.stringify(query));
      }
    });

    it("looks at a bounded number of entries in one call", async () => {
      const query = { subject: "nothing" };
      assert.equal((await found(query, { order: "newest-first", limit: 10 })).pages, 2);
      assert.equal((await found(query, { order: "oldest-first", limit: 10 })).pages, 2);
    });

    it("goes on from where it is told, and gives whole entries", async () => {
      const { entries, next } = await under.store.findAudit(
        {},
        { order: "newest-first", limit: 2, beyond: 5 },
      );
      assert.deepEqual([entries.map(({ seq }) => seq), next], [[4, 3], 3]);
      assert.deepEqual(entries, (await under.store.readAudit(2, 2)).toReversed());
      const last = await under.store.findAudit({}, { order: "newest-first", limit: 2, beyond: 3 });
      assert.deepEqual([last.entries.map(({ seq }) => seq), last.next], [[2, 1], undefined]);
    });
  });
}
