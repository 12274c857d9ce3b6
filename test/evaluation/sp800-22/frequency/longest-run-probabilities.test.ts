import { test } from "node:test";
import { longestRunParameters } from "../../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { assertClose } from "../support/assert-close.ts";
import { classProbabilities } from "../support/reference-values.ts";

/** Of a block of so many random bits: that no run of ones is longer than `longest`. */
function noLongerRun(blockLength: number, longest: number): number {
  // How likely it is that none was so far and that the last so many bits are ones.
  let byRun = [1, ...Array.from({ length: longest }, () => 0)];
  for (let i = 0; i < blockLength; i++) {
    const all = byRun.reduce((sum, p) => sum + p, 0);
    byRun = [all / 2, ...byRun.slice(0, -1).map((p) => p / 2)];
  }
  return byRun.reduce((sum, p) => sum + p, 0);
}

function exactProbabilities({ blockLength, shortest, classes }: Record<string, number>): number[] {
  const upTo = Array.from({ length: (classes ?? 0) - 1 }, (_, i) =>
    noLongerRun(blockLength ?? 0, (shortest ?? 0) + i),
  );
  return [...upTo, 1].map((p, i) => p - (upTo[i - 1] ?? 0));
}

test("the class probabilities of the longest run are the exact ones, as far as they are printed", () => {
  for (const [lengthBits, tolerance] of [
    [128, 1e-12],
    [6272, 1e-9],
    // The standard's first and last class are off by more than their four digits.
    [750_000, 2e-3],
  ] as const) {
    const { blockLength, shortest, probabilities } = longestRunParameters(lengthBits);
    const exact = exactProbabilities({ blockLength, shortest, classes: probabilities.length });
    assertClose([...probabilities], exact, `blocks of ${blockLength} bits`, tolerance);
  }
});

test("longestRunOfOnes/exact has the exact probabilities of blocks of 10,000 bits", () => {
  const exact = exactProbabilities({ blockLength: 10_000, shortest: 10, classes: 7 });
  assertClose([...classProbabilities("longestRunOfOnes/exact")], exact, "exact", 1e-10);
});
