import type { Section } from "../report/section.ts";
import { chiSquareFigure } from "./figures/chi-squares.ts";
import { densityFigure } from "./figures/density.ts";
import { spreadFigure } from "./figures/spread.ts";
import { spreadOfKeysFigure } from "./figures/spread-of-keys.ts";
import { octetFindings } from "./findings.ts";
import type { OctetDistributionResult } from "./measure.ts";
import { allOctetsTable, figureTable, verdictsTable } from "./tables.ts";

export function describeOctetDistribution({ series }: OctetDistributionResult): Section {
  return {
    introduction: [
      "The paper judges the randomness of updated keys by 1,000 of them: each key is split into 16 octets, and " +
        "Figure 7 has the density of each octet (a) and its standard deviation and mean (b). Here are the same " +
        "figures for every suite, beside the ideal and beside generators that are no good: keys of 8 bits of " +
        "entropy, a stream from a seed of 8 bits, the linear congruential generator of the C standard, and " +
        "multiples of a constant.",
      "Then what the figure lacks: whether the 256 values of an octet are equally frequent (chi-square), whether a " +
        "key comes twice, and all of it for more keys. The paper's Figure 7 exists only as an image, so shapes can be " +
        "compared, not numbers.",
    ],
    findings: octetFindings(series),
    blocks: [
      { kind: "figure", figure: densityFigure(series) },
      { kind: "figure", figure: spreadFigure(series) },
      { kind: "figure", figure: spreadOfKeysFigure(series) },
      { kind: "table", table: figureTable(series) },
      { kind: "heading", text: "The tests that the figure lacks" },
      { kind: "figure", figure: chiSquareFigure(series) },
      { kind: "table", table: verdictsTable(series) },
      { kind: "table", table: allOctetsTable(series) },
    ],
  };
}
