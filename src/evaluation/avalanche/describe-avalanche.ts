import { EXPANDER_READINGS } from "../attacks/expanders/expander-readings.ts";
import type { Section } from "../report/section.ts";
import type { AvalancheResult } from "./avalanche-result.ts";
import type { ExpanderDependence } from "./dependence.ts";
import {
  changedBitsTable,
  criteriaTable,
  expanderTable,
  extractorTable,
  partsTable,
} from "./telling/change-tables.ts";
import { avalancheFindings } from "./telling/findings.ts";
import { bitFigure, octetFigure } from "./telling/flip-figures.ts";
import { streamFigure, streamTable } from "./telling/streams.ts";

export function describeAvalanche(result: AvalancheResult): Section {
  return {
    introduction: [
      "Does every bit of what goes into a key derivation change about half of the bits of both new keys, each on its " +
        `own? ${result.trials} random inputs of NwkKey, AppKey and context (128 octets) were derived from, and again with ` +
        `each of ${result.inputBits.length} bits flipped, one at a time, by every suite and with the same inputs.`,
      "The strict avalanche criterion asks for a probability of one half for each pair of an input bit and an output bit; " +
        "the bit independence criterion asks that two output bits change independently (Webster and Tavares, 1985). " +
        "The farthest of very many shares is always some way off: the tables say how far by chance.",
    ],
    findings: avalancheFindings(result),
    blocks: [
      { kind: "figure", figure: octetFigure(result) },
      { kind: "figure", figure: bitFigure(result) },
      { kind: "table", table: changedBitsTable(result) },
      { kind: "table", table: partsTable(result) },
      { kind: "table", table: criteriaTable(result) },
      { kind: "heading", text: "What the expander makes of its halves" },
      {
        kind: "text",
        paragraphs: [halvesText(result)],
      },
      { kind: "table", table: expanderTable(result) },
      { kind: "table", table: extractorTable(result) },
      { kind: "heading", text: "Octets and their neighbours" },
      { kind: "figure", figure: streamFigure(result) },
      { kind: "table", table: streamTable(result) },
    ],
  };
}

function halvesText({ expanders }: AvalancheResult): string {
  const names: readonly string[] = EXPANDER_READINGS.map(({ name }) => name);
  const readings = expanders.filter(({ expander }) => names.includes(expander));
  const suites = expanders.filter(({ expander }) => !names.includes(expander));
  return (
    `Table 2 of the paper can be read in ${readings.length} ways. In ${readings.filter(leavesOut).length} of them some ` +
    "half of the old AppKey or of kkdk changes no bit of one of the new keys; so it is in " +
    `${suites.filter(leavesOut).length} of ${suites.length} expanders of the other suites.`
  );
}

/** Whether a half of what goes in never changed one of the new keys. */
function leavesOut({ kbLow, kbHigh, kdkLow, kdkHigh }: ExpanderDependence): boolean {
  return [kbLow, kbHigh, kdkLow, kdkHigh].some(
    (change) => change !== null && (change.nwkKey === 0 || change.appKey === 0),
  );
}
