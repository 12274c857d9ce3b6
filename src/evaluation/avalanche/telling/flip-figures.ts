import { formatNumber } from "../../report/format-number.ts";
import type { Column, Figure } from "../../report/section.ts";
import type { AvalancheResult, SuiteAvalanche } from "../avalanche-result.ts";
import { INPUT_PARTS, inputPartOf, OUTPUT_BITS, OUTPUT_BYTES } from "../flips/derivation-input.ts";
import { type ColourClasses, drawColourLegend, drawHeatMap } from "./heat-map.ts";

const PROBABILITIES: ColourClasses = {
  edges: [0.05, 0.25, 0.45, 0.49, 0.51, 0.55, 0.75, 0.95],
  format: String,
};
const STANDARD_ERRORS: ColourClasses = {
  edges: [-4, -3, -2, -1, 1, 2, 3, 4],
  format: (edge) => (edge > 0 ? `+${edge}` : `−${-edge}`),
};

/** Every octet of the input by every octet of the output, a drawing for each suite. */
export function octetFigure({ suites, trials, inputBits }: AvalancheResult): Figure {
  return {
    id: "figure-avalanche-octets",
    caption:
      "Probability that a bit of an output octet changes when one bit of an input octet does. White is the " +
      "ideal of one half; the darkest orange is an octet of a new key that an octet of the input does not reach.",
    description: `For each suite a map of 128 input octets by 32 output octets. ${suites
      .map(describeHoles)
      .join(" ")}`,
    parameters: { "random inputs": trials, "input bits flipped": inputBits.length },
    drawings: [
      ...suites.map((suite) => ({ title: suite.name, svg: drawOctets(suite) })),
      { svg: drawColourLegend(PROBABILITIES, "Probability that the bit changes") },
    ],
    data: {
      id: "figure-avalanche-octets-data",
      caption: "Share of flips in which a bit of the output octet changed",
      columns: [
        { name: "Suite" },
        { name: "Input octet" },
        { name: "Part" },
        ...outputColumns(OUTPUT_BYTES, "octet"),
      ],
      rows: suites.flatMap(({ name, octetFlipRates }) =>
        octetFlipRates.map((rates, octet) => [name, octet, partName(octet), ...rates]),
      ),
      isDataOnly: true,
    },
  };
}

/** Every bit of the old keys by every bit of the new ones, a drawing for each suite. */
export function bitFigure({ suites, trials }: AvalancheResult): Figure {
  return {
    id: "figure-avalanche-bits",
    caption:
      "The same bit by bit for the two old root keys: by how many standard errors the share of changes is off " +
      "one half. An even grain is what chance leaves.",
    description: `For each suite a map of 256 bits of the old keys by 256 bits of the new keys. ${suites
      .map(describeHoles)
      .join(" ")}`,
    parameters: {
      "random inputs": trials,
      "one standard error": formatNumber(1 / (2 * Math.sqrt(trials)), 3),
    },
    drawings: [
      ...suites.map((suite) => ({ title: suite.name, svg: drawBits(suite, trials) })),
      { svg: drawColourLegend(STANDARD_ERRORS, "Standard errors off one half") },
    ],
    data: {
      id: "figure-avalanche-bits-data",
      caption: "Trials in which the bit changed; bit n is bit n mod 8, from the least significant",
      columns: [
        { name: "Suite" },
        { name: "Input bit" },
        { name: "Part" },
        ...outputColumns(OUTPUT_BITS, "bit"),
      ],
      rows: suites.flatMap(({ name, keyBitFlips }) =>
        keyBitFlips.map((counts, bit) => [name, bit, partName(bit >> 3), ...counts]),
      ),
      isDataOnly: true,
    },
  };
}

function drawOctets({ octetFlipRates }: SuiteAvalanche): string {
  return drawHeatMap({
    rows: transpose(octetFlipRates),
    classes: PROBABILITIES,
    columnParts: [
      { name: "NwkKey", length: 16 },
      { name: "AppKey", length: 16 },
      { name: "binding", length: 32 },
      { name: "FNwkSIntKey", length: 16 },
      { name: "SNwkSIntKey", length: 16 },
      { name: "NwkSEncKey", length: 16 },
      { name: "AppSKey", length: 16 },
    ],
    rowParts: keyParts(16, "'"),
    columnLabel: "Octet of the input",
    width: 640,
    height: 190,
  });
}

function drawBits({ keyBitFlips }: SuiteAvalanche, trials: number): string {
  const standardError = Math.sqrt(trials) / 2;
  return drawHeatMap({
    rows: transpose(
      keyBitFlips.map((row) => row.map((count) => (count - trials / 2) / standardError)),
    ),
    classes: STANDARD_ERRORS,
    columnParts: keyParts(128, ""),
    rowParts: keyParts(128, "'"),
    columnLabel: "Bit of the old keys",
    width: 340,
    height: 298,
  });
}

function keyParts(length: number, mark: string) {
  return ["NwkKey", "AppKey"].map((name) => ({ name: `${name}${mark}`, length }));
}

/** Rows are what goes in; in the drawing they are columns. */
function transpose(rows: readonly (readonly number[])[]): number[][] {
  const [first = []] = rows;
  return first.map((_, column) => rows.map((row) => row[column] as number));
}

function describeHoles({ name, neverFlipped }: SuiteAvalanche): string {
  return neverFlipped === 0
    ? `In ${name} every input bit has an effect on every output bit.`
    : `In ${name} there are ${neverFlipped} pairs of an input bit and an output bit without effect.`;
}

function outputColumns(count: number, unit: string): Column[] {
  return Array.from({ length: count }, (_, index) => {
    const half = count / 2;
    return { name: `${index < half ? "NwkKey'" : "AppKey'"} ${unit} ${index % half}` };
  });
}

function partName(octet: number): string {
  return (INPUT_PARTS[inputPartOf(octet)] as { name: string }).name;
}
