import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { computationEnergies } from "../../../src/evaluation/air-cost/computation-energy.ts";
import type { FlowId } from "../../../src/evaluation/air-cost/flows.ts";
import type { AirConditions } from "../../../src/evaluation/air-cost/measure.ts";
import { counterpart } from "../../../src/evaluation/air-cost/selection.ts";
import { regions } from "../../../src/lorawan/region/regions.ts";
import { measured } from "./measured.ts";

const result = await measured();

/** Frames with FPort and no RekeyInd, as the numbers below have them. */
const WITH_PORT: Omit<AirConditions, "flow" | "dataRate" | "modulation"> = {
  region: "EU868",
  isLorawan11: false,
  carrier: "application-port",
  loss: 0,
  radio: "sx1262",
};

function find<Row extends AirConditions>(
  rows: readonly Row[],
  flow: FlowId,
  modulation: string,
): Row {
  const dataRate = rows.find((row) => row.modulation === modulation)?.dataRate ?? -1;
  const row = counterpart(rows, { ...WITH_PORT, flow, dataRate, modulation }, flow);
  assert.ok(row !== undefined);
  return row;
}

/**
 * Radio energy in mJ at SF7, SF9, SF10 and SF12, worked out apart from this code and rounded to the digits
 * given.
 */
const ENERGIES: Readonly<Partial<Record<FlowId, readonly string[]>>> = {
  paper: ["35.7", "120", "221", "883"],
  plain: ["27.9", "95", "170", "682"],
  join: ["10.3", "34", "62", "248"],
};

describe("the cost on the air", () => {
  for (const [flow, expected] of Object.entries(ENERGIES)) {
    it(`of ${flow} is ${expected.join(", ")} mJ at SF7, SF9, SF10, SF12`, () => {
      const energies = [7, 9, 10, 12].map((spreadingFactor, index) =>
        find(result.costs, flow as FlowId, `SF${spreadingFactor}BW125`).energyMj.toFixed(
          index === 0 ? 1 : 0,
        ),
      );
      assert.deepEqual(energies, expected);
    });
  }

  it("is worked out for every region, data rate, version, carrier, loss and radio", () => {
    const rates = regions.flatMap(({ rx1DataRates }) => [...rx1DataRates]).length;
    const ofLinks = 3 * 2 * 2 + 2 + 2;
    assert.equal(result.costs.length, rates * ofLinks * 3 * 3);
    const keys = result.costs.map(({ flow, region, dataRate, isLorawan11, carrier, loss, radio }) =>
      [flow, region, dataRate, isLorawan11, carrier, loss, radio].join(),
    );
    assert.equal(new Set(keys).size, keys.length);
  });

  it("is the sum of what it goes into", () => {
    for (const flow of ["paper", "plain", "healing"] as const) {
      const row = find(result.costs, flow, "SF9BW125");
      const total = result.parts
        .filter(
          (part) =>
            part.flow === flow &&
            part.region === row.region &&
            part.dataRate === row.dataRate &&
            part.isLorawan11 === row.isLorawan11 &&
            part.carrier === row.carrier,
        )
        .reduce((sum, { energyMj }) => sum + energyMj, 0);
      assert.ok(Math.abs(total - row.energyMj) < 1e-9, `${flow}: ${total}, not ${row.energyMj}`);
    }
  });

  it("of monthly updates in ten years is 0.29 % of the battery at SF12 and 0.012 % at SF7", () => {
    const monthly = result.policies.filter(({ period }) => period === "a month");
    const shares = ["SF12BW125", "SF7BW125"].map((modulation) =>
      (100 * find(monthly, "plain", modulation).tenYearBatteryShare).toPrecision(2),
    );
    assert.deepEqual(shares, ["0.29", "0.012"]);
  });

  it("of an update every 2^11 s is 15,398 times a year that of one", () => {
    const row = find(
      result.policies.filter(({ period }) => period === "2^11 s"),
      "paper",
      "SF12BW125",
    );
    const { energyMj, uplinkAirtimeMs } = find(result.costs, "paper", "SF12BW125");
    assert.equal(Math.floor(row.updatesPerYear), 15_398);
    // 2,400 mAh at 3.3 V are 28,512 J.
    assert.ok(
      Math.abs(row.tenYearBatteryShare - (153_984.375 * energyMj) / 28_512_000) < 1e-9,
      `${row.tenYearBatteryShare}`,
    );
    // Of 2,048 s, 20.48 are one per cent.
    assert.ok(
      Math.abs((row.dutyCycleShare ?? 0) - uplinkAirtimeMs / 20_480) < 1e-9,
      `${row.dutyCycleShare}`,
    );
  });

  it("has no duty cycle in US915", () => {
    const shares = result.policies.filter(({ region }) => region === "US915");
    assert.ok(shares.length > 0 && shares.every(({ dutyCycleShare }) => dutyCycleShare === null));
  });

  it("ends when it is told to", async () => {
    await assert.rejects(measured(AbortSignal.abort(new Error("enough"))), /enough/);
  });
});

describe("the energy of computation", () => {
  it("is 3.2, 14.9, 13.3 and 20.4 µJ for the derivations on Cortex-M4, and about 0.4 mJ for X25519", () => {
    const energies = computationEnergies()
      .filter(({ core }) => core === "Cortex-M4")
      .map(({ energyUj }) => Number(energyUj.toFixed(1)));
    assert.deepEqual(energies, [3.2, 14.9, 13.3, 20.4, 371.8]);
  });
});
