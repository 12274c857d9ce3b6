import type { Section } from "../report/section.ts";
import { policyFigure } from "./figures/battery-share.ts";
import { energyPartsFigure } from "./figures/energy-parts.ts";
import { updateEnergyFigure } from "./figures/update-energy.ts";
import { airCostFindings } from "./findings.ts";
import type { AirCostResult } from "./measure.ts";
import { allPoliciesTable, policyTable } from "./policy-tables.ts";
import {
  allCostsTable,
  circumstancesTable,
  computationTable,
  energyTable,
  messagesTable,
} from "./update-tables.ts";

export function describeAirCost(result: AirCostResult): Section {
  return {
    introduction: [
      "What does a device pay for new root keys, and how often can it? The paper argues with the time of the " +
        "key derivation. Here everything that goes over the air is counted: the paper's flow (its Figure 6), " +
        "this project's plain and healing updates, and a join and a rejoin alone for scale.",
      "Airtimes follow Semtech AN1200.13. Energy is that of the radio: sending, receiving in RX1, and two windows " +
        "of 8 symbols of the uplink's data rate where nothing comes; waiting and sleeping are left out. A second " +
        "window at a slower data rate, as networks may set it, takes more, and so do the flows with uplinks that " +
        "nothing answers: the paper's, and a healing one in fragments. A class A device gets a downlink only " +
        "after an uplink, so an uplink that opens the way for the request is counted, although in practice it " +
        "may be one that the device sends anyway. Lost frames are repeated until they arrive; what is given is the " +
        "expected value. Nothing is measured: these are calculations from the parameters beside each figure.",
    ],
    findings: airCostFindings(result),
    blocks: [
      { kind: "heading", text: "One update" },
      { kind: "table", table: messagesTable() },
      { kind: "figure", figure: updateEnergyFigure(result) },
      { kind: "table", table: energyTable(result) },
      { kind: "figure", figure: energyPartsFigure(result) },
      { kind: "table", table: computationTable(result) },
      { kind: "table", table: circumstancesTable(result) },
      { kind: "table", table: allCostsTable(result) },
      { kind: "heading", text: "Years of updates" },
      { kind: "figure", figure: policyFigure(result) },
      { kind: "table", table: policyTable(result) },
      { kind: "table", table: allPoliciesTable(result) },
    ],
  };
}
