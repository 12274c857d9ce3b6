import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type DeviceList,
  type DeviceRow,
  mergePage,
} from "../../../web/src/pages/devices/list/device-list.ts";

const nameOf = (number: number) => number.toString(16).padStart(16, "0");
const rowNamed = (number: number, name = ""): DeviceRow => ({
  devEui: nameOf(number),
  name,
  macVersion: "1.0.4",
  generation: 0,
  generationSince: "2026-11-22T09:00:00.000Z",
  updateStatus: null,
  updateReason: null,
  lastJoinAt: null,
  isDisabled: false,
});
const numbersOf = ({ rows }: DeviceList) => rows.map(({ devEui }) => Number.parseInt(devEui, 16));

/** As the server answers: those after `after`, `next` the last of the page unless it is the end. */
function pageOf(numbers: readonly number[], after: number | undefined, limit: number): DeviceList {
  const rest = numbers.filter((number) => after === undefined || number > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map((number) => rowNamed(number)),
    next: rest.length > limit && last !== undefined ? nameOf(last) : null,
  };
}

describe("the list of devices", () => {
  it("grows page by page to what the server has", () => {
    const sorted = fc
      .uniqueArray(fc.nat(500), { maxLength: 80 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(sorted, fc.integer({ min: 1, max: 20 }), (all, limit) => {
        let list = pageOf(all, undefined, limit);
        while (list.next !== null) {
          const after = list.next;
          list = mergePage(list, after, pageOf(all, Number.parseInt(after, 16), limit));
        }
        assert.deepEqual(numbersOf(list), all);
      }),
    );
  });

  it("has what was added, changed and deleted in the part that is asked for again, and the rest as it was", () => {
    const list: DeviceList = { rows: [1, 2, 3, 4, 5, 6].map((n) => rowNamed(n)), next: nameOf(6) };
    const page = { rows: [rowNamed(2, "changed"), rowNamed(4), rowNamed(5)], next: nameOf(5) };
    const merged = mergePage(list, nameOf(1), page);
    assert.deepEqual(numbersOf(merged), [1, 2, 4, 5, 6]);
    assert.equal(merged.rows[1]?.name, "changed");
    assert.equal(merged.next, nameOf(6));
  });

  it("ends where the server ends, though there was more before", () => {
    const list: DeviceList = { rows: [1, 2, 3].map((n) => rowNamed(n)), next: nameOf(3) };
    const merged = mergePage(list, nameOf(1), { rows: [rowNamed(2)], next: null });
    assert.deepEqual([numbersOf(merged), merged.next], [[1, 2], null]);
  });

  it("stays complete when a part in its middle is asked for again", () => {
    const list: DeviceList = { rows: [1, 2, 3].map((n) => rowNamed(n)), next: null };
    const merged = mergePage(list, undefined, { rows: [rowNamed(1)], next: nameOf(1) });
    assert.deepEqual([numbersOf(merged), merged.next], [[1, 2, 3], null]);
  });

  it("goes on after a page of a search that had no match", () => {
    const list: DeviceList = { rows: [rowNamed(1)], next: nameOf(10) };
    const merged = mergePage(list, nameOf(10), { rows: [], next: nameOf(20) });
    assert.deepEqual([numbersOf(merged), merged.next], [[1], nameOf(20)]);
  });
});
