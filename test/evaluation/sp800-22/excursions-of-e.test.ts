import assert from "node:assert/strict";
import { test } from "node:test";
import { randomExcursions } from "../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { randomExcursionsVariant } from "../../../src/evaluation/sp800-22/random-walk/random-excursions-variant.ts";
import { assertClose } from "./support/assert-close.ts";
import { expansion } from "./support/expansions.ts";
import { EXCURSIONS_OF_E } from "./support/reference-values.ts";

test("random excursions of e: every state's visits, chi-square and p-value", () => {
  const { x, chiSquare, p, visitCounts } = EXCURSIONS_OF_E.randomExcursions;
  const { cycles, isApplicable, states } = randomExcursions(expansion("e"));
  assert.equal(cycles, EXCURSIONS_OF_E.J);
  assert.equal(isApplicable, true);
  assert.deepEqual(
    states.map((state) => state.x),
    x,
  );
  assert.deepEqual(
    states.map((state) => state.visitCounts),
    visitCounts,
  );
  assertClose(
    states.map((state) => state.chiSquare),
    chiSquare,
    "chi-square",
  );
  assertClose(
    states.map((state) => state.p),
    p,
    "p",
  );
});

test("random excursions variant of e: every state's visits and p-value", () => {
  const { x, totalVisits, p } = EXCURSIONS_OF_E.randomExcursionsVariant;
  const { cycles, isApplicable, states } = randomExcursionsVariant(expansion("e"));
  assert.equal(cycles, EXCURSIONS_OF_E.J);
  assert.equal(isApplicable, true);
  assert.deepEqual(
    states.map((state) => state.x),
    x,
  );
  assert.deepEqual(
    states.map((state) => state.totalVisits),
    totalVisits,
  );
  assertClose(
    states.map((state) => state.p),
    p,
    "p",
  );
});
