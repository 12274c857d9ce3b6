import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  filterMistake,
  queryOf,
  readFilters,
  withFilters,
} from "../../../web/src/pages/devices/filters/device-filters.ts";

describe("filters of the list of devices", () => {
  it("become the query that the API takes", () => {
    const filters = readFilters(
      new URLSearchParams("text=meter&devEuiPrefix=70B3&generation=2&isDisabled=false&view=x"),
    );
    assert.deepEqual(queryOf(filters), {
      text: "meter",
      devEuiPrefix: "70B3",
      generation: 2,
      isDisabled: false,
    });
  });

  it("ask for nothing while they make no sense, and say what is missing", () => {
    const filters = readFilters(
      new URLSearchParams(
        "joinEui=70b3&generation=65536&macVersion=9&updateStatus=odd&homeNetId=zz",
      ),
    );
    assert.deepEqual(queryOf(filters), {});
    assert.equal(filterMistake("joinEui", "70b3"), "16 hex digits");
    assert.equal(filterMistake("joinEui", "70b3d57ed0000001"), undefined);
    assert.equal(filterMistake("generation", undefined), undefined);
  });

  it("are kept in the address beside what is none of theirs; an empty one is taken away", () => {
    const before = new URLSearchParams("view=x&text=meter&generation=1");
    const after = withFilters(before, { text: "  ", macVersion: "1.1.0" });
    assert.equal(after.toString(), "view=x&generation=1&macVersion=1.1.0");
    assert.equal(before.get("text"), "meter");
  });
});
