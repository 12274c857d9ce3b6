import { axisX, dot, link, ruleX } from "@observablehq/plot";
import { CATEGORY_COLOURS, drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import { DERIVATIONS, RABBIT_KDF } from "../derivations.ts";
import { IMPLEMENTATIONS } from "../implementations.ts";
import type { KeyDerivationTimes } from "../key-derivation-times.ts";
import { PAPER_TABLE_3, paperRatio } from "./paper-table-3.ts";
import { ratioOf } from "./ratios.ts";

interface Point {
  readonly implementation: string;
  readonly derivation: string;
  readonly perCall: number;
  readonly perOctet: number;
}

/** Ratios to the Rabbit KDF, a panel an implementation. */
export function ratioFigure(all: KeyDerivationTimes): Figure {
  // One that has Rabbit alone has little to compare.
  const implementations = all.implementations.filter(({ times }) =>
    times.some(({ derivation }) => derivation === "hkdf-sha1"),
  );
  const result = { ...all, implementations };
  const points = pointsOf(result);
  return {
    id: "key-derivation-ratios",
    caption:
      "Time of each derivation as a multiple of the Rabbit KDF of the same implementation, of that in TypeScript for node:crypto (line at 1): a call (dot), the same per 32 octets of output where it differs (ring), and the paper's ratio (diamond). Logarithmic scale; left of the line is faster than Rabbit.",
    description: `Dots on a logarithmic scale, a row for each derivation, a panel for each of ${result.implementations.length} implementations.`,
    parameters: { "calls a round": result.repeats, rounds: result.rounds },
    drawings: [{ svg: draw(result, points) }],
    data: {
      id: "key-derivation-ratios-data",
      caption: "Time of each derivation as a multiple of the Rabbit KDF",
      columns: [
        { name: "Implementation" },
        { name: "Derivation" },
        { name: "Ratio per call" },
        { name: "Ratio per 32 octets" },
      ],
      rows: points.map((point) => [
        point.implementation,
        point.derivation,
        point.perCall,
        point.perOctet,
      ]),
    },
  };
}

function pointsOf(result: KeyDerivationTimes): Point[] {
  return result.implementations.flatMap(({ id }) =>
    DERIVATIONS.filter((derivation) => derivation.id !== RABBIT_KDF).flatMap((derivation) => {
      const ratio = ratioOf(result, id, derivation.id);
      if (ratio === undefined) return [];
      const { perCall, perOctet } = ratio;
      const implementation = IMPLEMENTATIONS[id].name;
      return [{ implementation, derivation: derivation.name, perCall, perOctet }];
    }),
  );
}

function draw({ implementations }: KeyDerivationTimes, points: readonly Point[]): string {
  const panels = implementations.map(({ id }) => IMPLEMENTATIONS[id].name);
  const names = DERIVATIONS.filter(({ id }) => id !== RABBIT_KDF).map(({ name }) => name);
  const paper = panels.flatMap((implementation) =>
    PAPER_TABLE_3.filter(({ derivation }) => derivation !== RABBIT_KDF).map((row) => ({
      implementation,
      derivation: DERIVATIONS.find(({ id }) => id === row.derivation)?.name,
      ratio: paperRatio(row),
    })),
  );
  const domain = domainOf([
    ...points.flatMap(({ perCall, perOctet }) => [perCall, perOctet]),
    ...paper.map(({ ratio }) => ratio),
  ]);
  const [measured, printed] = CATEGORY_COLOURS as [string, string];
  const place = { fx: "implementation", y: "derivation" };
  return drawPlot({
    width: 760,
    height: 344,
    marginLeft: 215,
    marginTop: 34,
    marginBottom: 46,
    marginRight: 26,
    fx: { domain: panels, label: null, padding: 0.08 },
    x: {
      type: "log",
      domain,
      grid: true,
      ticks: powersOfTen(domain),
      label: "Multiple of the Rabbit KDF",
      labelOffset: 40,
    },
    y: { domain: names, label: null },
    marks: [
      axisX({ ticks: powersOfTen(domain), tickFormat: (value: number) => String(value) }),
      ruleX([1], { strokeWidth: 1.5 }),
      link(points, { ...place, x1: 1, x2: "perCall", stroke: measured, strokeWidth: 1.5 }),
      dot(points, { ...place, x: "perCall", fill: measured, r: 4 }),
      dot(
        points.filter(({ perCall, perOctet }) => perCall !== perOctet),
        { ...place, x: "perOctet", stroke: measured, r: 4 },
      ),
      dot(paper, { ...place, x: "ratio", stroke: printed, strokeWidth: 1.8, symbol: "diamond" }),
    ],
  });
}

/** A little more than the values span. */
function domainOf(values: readonly number[]): [number, number] {
  const margin = 1.6;
  return [Math.min(1, ...values) / margin, Math.max(1, ...values) * margin];
}

function powersOfTen([least, most]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(least));
  const last = Math.floor(Math.log10(most));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}
