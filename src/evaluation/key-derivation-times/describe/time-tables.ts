import type { Cell, Table } from "../../report/section.ts";
import { type DerivationId, derivationOf } from "../derivations.ts";
import { IMPLEMENTATIONS } from "../implementations.ts";
import type { DerivationTimes, KeyDerivationTimes } from "../key-derivation-times.ts";
import { PAPER_TABLE_3, paperRatio } from "./paper-table-3.ts";
import { ratioOf, timesOf } from "./ratios.ts";

/** The paper's Table 3, first as printed, then as measured in each implementation. */
export function table3(result: KeyDerivationTimes): Table {
  const printed = PAPER_TABLE_3.map((row): Cell[] => [
    "The paper, as printed",
    row.algorithm,
    ...sizes(row.derivation),
    row.t,
    null,
    paperRatio(row),
  ]);
  const measured = result.implementations.flatMap(({ id }) =>
    PAPER_TABLE_3.map(({ derivation, algorithm }): Cell[] => [
      IMPLEMENTATIONS[id].name,
      algorithm,
      ...sizes(derivation),
      null,
      timesOf(result, id, derivation)?.medianNs ?? null,
      ratioOf(result, id, derivation)?.perCall ?? null,
    ]),
  );
  return {
    id: "table-3",
    caption: "Table 3 of the paper, and the same derivations on this machine",
    columns: [
      { name: "Implementation" },
      { name: "Algorithm" },
      { name: "pl", unit: "octets" },
      { name: "kl", unit: "octets" },
      { name: "ul", unit: "octets" },
      { name: "t", unit: "ms, as printed" },
      { name: "Median", unit: "ns" },
      { name: "Ratio to Rabbit KDF", digits: 3 },
    ],
    rows: [...printed, ...measured],
    notes: [
      "pl: keying material, kl: input key, ul: output. As in the paper pl of the Rabbit KDF does not count the second root key (16 octets), which goes into the expander.",
      ...nodeCryptoNote(result),
    ],
  };
}

/** Every derivation in every implementation. */
export function allTimesTable(result: KeyDerivationTimes): Table {
  return {
    id: "derivation-times",
    caption: `Time of a key derivation, over ${result.rounds} rounds of ${result.repeats} calls`,
    columns: [
      { name: "Implementation" },
      { name: "Derivation" },
      { name: "pl" },
      { name: "kl" },
      { name: "ul" },
      { name: "Median", unit: "ns" },
      { name: "Lower quartile", unit: "ns" },
      { name: "Upper quartile", unit: "ns" },
      { name: "Minimum", unit: "ns" },
      { name: "Median per 32 octets", unit: "ns" },
      { name: "Ratio per call", digits: 3 },
      { name: "Ratio per 32 octets", digits: 3 },
    ],
    rows: result.implementations.flatMap(({ id, times }) =>
      times.map((measured): Cell[] => {
        const ratio = ratioOf(result, id, measured.derivation);
        return [
          IMPLEMENTATIONS[id].name,
          derivationOf(measured.derivation).name,
          ...sizes(measured.derivation),
          ...timeCells(measured),
          ratio?.perCall ?? null,
          ratio?.perOctet ?? null,
        ];
      }),
    ),
    notes: [
      "Ratios are to the Rabbit KDF as printed (pl = 80) in the same implementation.",
      ...nodeCryptoNote(result),
    ],
  };
}

/** pl, kl, ul. */
function sizes(id: DerivationId): Cell[] {
  const { pl, kl, ul } = derivationOf(id);
  return [pl, kl, ul];
}

function timeCells(times: DerivationTimes): Cell[] {
  const { medianNs, lowerQuartileNs, upperQuartileNs, minimumNs } = times;
  const perOctets = (32 * medianNs) / derivationOf(times.derivation).ul;
  return [medianNs, lowerQuartileNs, upperQuartileNs, minimumNs, perOctets];
}

function nodeCryptoNote({ implementations }: KeyDerivationTimes): string[] {
  if (!implementations.some(({ id }) => id === "node-crypto")) return [];
  return [
    "node:crypto (OpenSSL) has no Rabbit: ratios there are to the Rabbit KDF in TypeScript. The Join Server runs the one in WebAssembly. Calling native code and making key objects are part of its times.",
  ];
}
