import { formatNumber } from "../report/format-number.ts";
import type { Section } from "../report/section.ts";
import { findingsOf } from "./describe/findings.ts";
import { unitsTable } from "./describe/paper-units.ts";
import { ratioFigure } from "./describe/ratio-figure.ts";
import { allTimesTable, table3 } from "./describe/time-tables.ts";
import type { KeyDerivationTimes } from "./key-derivation-times.ts";

/** Tells what the derivations take; every sentence that judges comes from the times of `result`. */
export function describeKeyDerivationTimes(result: KeyDerivationTimes): Section {
  return {
    introduction: introductionOf(result),
    findings: findingsOf(result),
    blocks: [
      { kind: "heading", text: "Table 3" },
      { kind: "table", table: table3(result) },
      { kind: "heading", text: "Every derivation in every implementation" },
      { kind: "figure", figure: ratioFigure(result) },
      { kind: "table", table: allTimesTable(result) },
      { kind: "heading", text: "The unit of the paper's times" },
      {
        kind: "text",
        paragraphs: [
          "The paper's column says average execution time in milliseconds; its text says that the computing time is for 10,000 repeats, taken with QueryPerformanceCounter(), whose counts divided by its frequency are seconds. Three readings are set beside the cycles measured here.",
        ],
      },
      { kind: "table", table: unitsTable(result) },
    ],
  };
}

function introductionOf(result: KeyDerivationTimes): string[] {
  const { repeats, rounds, compiler, omissions } = result;
  return [
    `The derivations of the paper's Table 3 and others, measured in rounds of ${formatNumber(repeats)} calls (the paper: 10,000). Within a program derivations are measured in turn, ${formatNumber(rounds)} rounds after those that warm up, and each call gets the keys that the one before gave. Times are those of the process on the processor, medians over the rounds with the quartiles as spread; derivations count as different when these ranges do not touch.`,
    "All take octets and give octets: importing keys and the AES key schedule are part of a call. TypeScript has this program's Rabbit and the noble libraries' AES, SHA-1 and SHA-256; node:crypto is what the Join Server runs. In C the AES is octet by octet with the S-box as its only table, Rabbit squares in 64 bits, and SHA is plain; the builds with instructions replace AES, or AES and SHA, and nothing else.",
    `${compiler === null ? "Without a compiler nothing was measured in C." : `C was compiled by ${compiler}.`} ${omissions.join(" ")}`.trim(),
    "The paper reckons that a faster derivation means less power on a device. These times are of this machine; what a derivation weighs beside the radio is a matter of the cost on the air.",
  ];
}
