import type { DataRate, Region } from "../../lorawan/region/region.ts";
import { type UpdateCost, updateCost } from "../../root-key/cost/update-cost.ts";
import type { UpdateFlow } from "../../root-key/cost/update-exchanges.ts";
import { updatesPerYear, type YearlyCost, yearlyCost } from "../../root-key/cost/yearly-cost.ts";
import type { UpdateCarrier } from "../root-key-updates/update-attempt.ts";
import type { EffectiveUpdatePolicy } from "./update-policy-settings.ts";

/** Devices that a policy is to hold for. */
export interface CostCircumstances {
  readonly region: Region;
  /** Of the device's uplinks; undefined: all that the region has. */
  readonly dataRate: number | undefined;
  readonly isLorawan11: boolean;
  readonly carrier: UpdateCarrier;
  readonly uplinksPerDay: number;
  /** Joins and rejoins besides those of updates. */
  readonly sessionsPerYear: number;
  /** Share of frames lost, each way, 0 to below 1. */
  readonly loss: number;
}

/** The cost for one device at one data rate. */
export interface CostAtDataRate {
  readonly dataRate: DataRate;
  readonly perUpdate: UpdateCost;
  readonly perYear: YearlyCost;
}

export interface PolicyCost {
  /** What can be foreseen: neither events nor orders of operators. */
  readonly updatesPerYear: number;
  /** The slowest data rate first. */
  readonly dataRates: readonly CostAtDataRate[];
}

/**
 * What a policy costs a device, before anybody has it.
 *
 * @throws WarrenError `value-out-of-range` for a data rate that the region has not for uplinks
 */
export function policyCost(
  policy: EffectiveUpdatePolicy,
  circumstances: CostCircumstances,
): PolicyCost {
  const { region, dataRate, isLorawan11, carrier, loss } = circumstances;
  const updates = updatesPerYear(policy, circumstances);
  const indices = dataRate === undefined ? region.rx1DataRates.keys() : [dataRate];
  const rows = Array.from(indices, (index) => {
    const { isHealing } = policy;
    const flow: UpdateFlow = { region, dataRate: index, isLorawan11, isHealing, carrier };
    const perUpdate = updateCost(flow, { loss });
    const found = region.dataRates.find((candidate) => candidate.index === index) as DataRate;
    return { dataRate: found, perUpdate, perYear: yearlyCost(perUpdate, updates) };
  });
  return { updatesPerYear: updates, dataRates: rows };
}
