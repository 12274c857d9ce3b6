import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeAirCost } from "../../../src/evaluation/air-cost/describe.ts";
import { airCostFindings } from "../../../src/evaluation/air-cost/findings.ts";
import type { AirCostResult } from "../../../src/evaluation/air-cost/measure.ts";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import { measured } from "./measured.ts";

const result = await measured();

/** The finding whose claim has these words. */
function findingOf(words: string, from: AirCostResult) {
  const finding = airCostFindings(from).find(({ claim }) => claim.includes(words));
  assert.ok(finding !== undefined);
  return finding;
}

function withEnergies(factor: (flow: string) => number): AirCostResult {
  return {
    ...result,
    costs: result.costs.map((row) => ({ ...row, energyMj: row.energyMj * factor(row.flow) })),
    policies: result.policies.map((row) => ({
      ...row,
      tenYearBatteryShare: row.tenYearBatteryShare * factor(row.flow),
    })),
  };
}

describe("what is told of the cost on the air", () => {
  it("is a section that a report can have, also after a way through JSON", () => {
    const section = describeAirCost(JSON.parse(JSON.stringify(result)));
    checkSection(section, new Set());
    assert.deepEqual(section, describeAirCost(result));
    for (const block of section.blocks) {
      if (block.kind !== "figure") continue;
      for (const { svg } of block.figure.drawings) assert.match(svg, /<svg /);
    }
  });

  it("is that a faster derivation changes nothing, unless radios took a thousandth", () => {
    const words = "A faster key derivation";
    assert.equal(findingOf(words, result).outcome, "not-reproduced");
    const mixed = findingOf(
      words,
      withEnergies((flow) => (flow === "plain" ? 1e-4 : 1)),
    );
    assert.equal(mixed.outcome, "undecidable");
    assert.equal(
      findingOf(
        words,
        withEnergies(() => 1e-4),
      ).outcome,
      "reproduced",
    );
  });

  it("names the derivations that were compared and the share that is saved", () => {
    const { evidence } = findingOf("A faster key derivation", result);
    // (34.275 - 6.985) µJ of the cheapest update without losses.
    const cheapest = Math.min(
      ...result.costs
        .filter(({ flow, loss }) => loss === 0 && (flow === "plain" || flow === "paper"))
        .map(({ energyMj }) => energyMj),
    );
    const most = (100 * 0.02729) / (cheapest + 0.03428);
    assert.match(evidence, /AES-CMAC KDF, on a Cortex-M0\+/);
    assert.ok(evidence.includes(`to ${most.toPrecision(2)} %`), `${most}: ${evidence}`);
  });

  it("judges the shortest period by the battery and by the duty cycle", () => {
    const words = "every 2^11 s";
    assert.equal(findingOf(words, result).outcome, "refuted");
    assert.match(findingOf(words, result).evidence, /at 9 of 13 data rates/);
    assert.equal(
      findingOf(
        words,
        withEnergies(() => 0.1),
      ).outcome,
      "shown",
    );
    const busy = {
      ...withEnergies(() => 0.1),
      policies: withEnergies(() => 0.1).policies.map((row) => ({
        ...row,
        dutyCycleShare: row.dutyCycleShare === null ? null : 2,
      })),
    };
    assert.match(findingOf(words, busy).evidence, /at 5 of 13 data rates/);
  });

  it("compares flows by the energies of this run", () => {
    const cheaper = "A plain update of this project";
    assert.equal(findingOf(cheaper, result).outcome, "shown");
    const dear = withEnergies((flow) => (flow === "plain" ? 2 : 1));
    assert.equal(findingOf(cheaper, dear).outcome, "refuted");
    const healing = "A healing update";
    assert.equal(findingOf(healing, result).outcome, "refuted");
    const cheap = withEnergies((flow) => (flow === "healing" ? 0.5 : 1));
    assert.equal(findingOf(healing, cheap).outcome, "shown");
    const join = "The join at its end";
    assert.equal(findingOf(join, result).outcome, "shown");
    const small = withEnergies((flow) => (flow === "join" ? 0.1 : 1));
    assert.equal(findingOf(join, small).outcome, "refuted");
    assert.equal(findingOf("Monthly updates", result).outcome, "shown");
    assert.equal(
      findingOf(
        "Monthly updates",
        withEnergies(() => 2),
      ).outcome,
      "refuted",
    );
  });

  it("ends every claim and its evidence with a full stop", () => {
    for (const { claim, evidence } of airCostFindings(result)) {
      assert.match(claim, /\.$/);
      assert.match(evidence, /\.$/);
    }
  });

  it("tells what X25519 takes beside the radio", () => {
    assert.match(
      findingOf("A healing update", result).evidence,
      /X25519 itself takes 0\.37 mJ on a Cortex-M4 and 2\.4 mJ on a Cortex-M0\+/,
    );
  });

  it("says why a policy is impossible", () => {
    const table = describeAirCost(result).blocks.find(
      (block) => block.kind === "table" && block.table.id === "air-cost-policies",
    );
    assert.ok(table?.kind === "table");
    const verdicts = new Map(
      table.table.rows.map((row) => [row.slice(0, 3).join("; "), String(row.at(-1))]),
    );
    assert.equal(
      verdicts.get("EU868 DR0 (SF12BW125); plain update; 2^11 s"),
      "no: the battery is empty before",
    );
    assert.equal(verdicts.get("EU868 DR0 (SF12BW125); plain update; a day"), "yes");
    assert.equal(verdicts.get("EU868 DR5 (SF7BW125); plain update; 2^11 s"), "yes");
  });
});
