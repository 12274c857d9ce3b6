import assert from "node:assert/strict";
import { test } from "node:test";
import { chiSquareOfClasses } from "../../../src/evaluation/sp800-22/chi-square.ts";
import { longestRunParameters } from "../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { linearComplexity } from "../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import { randomExcursions } from "../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { complementaryErrorFunction } from "../../../src/evaluation/sp800-22/special-functions.ts";
import {
  occurrenceProbabilities,
  overlappingTemplate,
} from "../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import { assertClose, type Numbers } from "./support/assert-close.ts";
import { classProbabilities, WORKED_EXAMPLES } from "./support/reference-values.ts";
import { exampleBits, WORKED_EXAMPLE_RUNS } from "./support/worked-example-results.ts";

WORKED_EXAMPLES.forEach(({ test: id, section, bits, parameters, result }, i) => {
  test(`example ${i + 1}, ${id} (section ${section}): ${JSON.stringify(result)}`, () => {
    const run = WORKED_EXAMPLE_RUNS[id];
    assert.ok(run, `${id} is not run`);
    const found = run(exampleBits(bits), parameters);
    for (const [name, value] of Object.entries(result)) {
      // Printed by the standard with a sigma that is not its own: what follows from it is tested below.
      if (id === "universal" && name === "p") continue;
      assertClose(found[name], value, name);
    }
  });
});

test("2.4: the classes of the example are those of the library; with four digits the p-value is another", () => {
  const example = exampleOf("longestRunOfOnes");
  const { blockLength, probabilities } = longestRunParameters(128);
  assert.equal(blockLength, example.parameters["M"]);
  assert.deepEqual(probabilities, example.parameters["probabilities"]);
  const rounded = chiSquareOfClasses([4, 9, 3, 0], [0.2148, 0.3672, 0.2305, 0.1875]);
  assertClose(rounded.chiSquare, 4.882605, "chi-square");
  assertClose(rounded.p, 0.180598, "p");
});

test("2.5: with rounded probabilities the p-value of the example is another", () => {
  const rounded = chiSquareOfClasses([23, 60, 14], classProbabilities("binaryMatrixRank/rounded"));
  assertClose(rounded.chiSquare, 1.26258, "chi-square");
  assertClose(rounded.p, 0.531905, "p");
});

test("2.8: eta and the probabilities of the example follow from its template and its blocks", () => {
  const { bits, parameters } = exampleOf("overlappingTemplate");
  const { blocks, eta } = overlappingTemplate(exampleBits(bits), {
    templateLength: 2,
    blockLength: 10,
  });
  assert.equal(blocks, parameters["N"]);
  assertClose(eta, parameters["eta"] as number, "eta");
  const expected = parameters["probabilities"] as Numbers;
  assertClose(occurrenceProbabilities(eta), expected, "probabilities", 1e-10);
});

test("2.9: the printed p-value of the example is that of the tabulated variance", () => {
  const { bits, parameters, result } = exampleOf("universal");
  const found = WORKED_EXAMPLE_RUNS["universal"]?.(exampleBits(bits), parameters) ?? {};
  const [fn, expected, variance] = [found["fn"], found["expectedValue"], found["variance"]];
  assert.equal(expected, parameters["expectedValue"]);
  assert.equal(variance, parameters["variance"]);
  const printed = complementaryErrorFunction(
    Math.abs(Number(fn) - Number(expected)) / Math.sqrt(2 * Number(variance)),
  );
  assertClose(printed, result["p"] ?? Number.NaN, "p as printed");
});

test("2.10: with corrected probabilities the p-value of the example is another", () => {
  const sequence = exampleBits("e:1000000");
  const sixDigits = [0.010417, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833];
  const ofSixDigits = linearComplexity(sequence, 1000, sixDigits);
  assertClose([ofSixDigits.chiSquare, ofSixDigits.p], [2.706147, 0.844721], "six digits");
  const exact = chiSquareOfClasses(
    ofSixDigits.counts,
    classProbabilities("linearComplexity/exact"),
  );
  assertClose([exact.chiSquare, exact.p], [2.706, 0.844738], "fractions");
});

test("2.14: with the four digits of the standard the p-value of the example is another", () => {
  const fourDigits = [0.5, 0.25, 0.125, 0.0625, 0.0312, 0.0312];
  const { states } = randomExcursions(
    exampleBits(exampleOf("randomExcursions").bits),
    () => fourDigits,
  );
  const state = states.find(({ x }) => x === 1);
  assertClose([state?.chiSquare ?? 0, state?.p ?? 0], [4.333033, 0.502529], "x = 1");
});

function exampleOf(id: string) {
  const found = WORKED_EXAMPLES.find((example) => example.test === id);
  if (found === undefined) throw new Error(`no example of ${id}`);
  return found;
}
