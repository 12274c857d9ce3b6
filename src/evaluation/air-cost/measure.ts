import type { DataRate, Region } from "../../lorawan/region/region.ts";
import { regions } from "../../lorawan/region/regions.ts";
import type { FrameContent } from "../../root-key/cost/exchange.ts";
import type { CarriedLink } from "../../root-key/cost/flow-exchanges.ts";
import {
  energyByContentMj,
  exchangesCost,
  type UpdateCost,
} from "../../root-key/cost/update-cost.ts";
import { YEAR_MS, yearlyCost } from "../../root-key/cost/yearly-cost.ts";
import { breathe } from "../breathe.ts";
import type { EvaluationContext } from "../topic.ts";
import { type ComputationEnergy, computationEnergies } from "./computation-energy.ts";
import { AIR_FLOWS, type AirFlow, type FlowId } from "./flows.ts";
import { hasDutyCycle, POLICY_YEARS, UPDATE_PERIODS } from "./policies.ts";
import { RADIOS, REFERENCE_RADIO_ID } from "./radios.ts";

/** Where and how something is done over the air. */
export interface AirConditions {
  readonly flow: FlowId;
  readonly region: string;
  /** Index of the data rate of uplinks. */
  readonly dataRate: number;
  readonly modulation: string;
  readonly isLorawan11: boolean;
  /** None where there is no message of an update. */
  readonly carrier: CarriedLink["carrier"] | null;
  /** Share of frames lost, each way. */
  readonly loss: number;
  readonly radio: string;
}

export interface AirCost extends AirConditions, UpdateCost {}

/** One thing that the energy goes into, without losses and with the reference radio. */
export interface EnergyPart extends AirConditions {
  readonly content: FrameContent;
  readonly energyMj: number;
}

export interface PolicyCost extends AirConditions {
  readonly period: string;
  readonly updatesPerYear: number;
  /** Of 2,400 mAh, in ten years; above 1 the battery is empty before. */
  readonly tenYearBatteryShare: number;
  /** Of the 1 % that a device may send; null where there is no such rule. */
  readonly dutyCycleShare: number | null;
}

export interface AirCostResult {
  readonly costs: readonly AirCost[];
  readonly parts: readonly EnergyPart[];
  readonly policies: readonly PolicyCost[];
  readonly computations: readonly ComputationEnergy[];
}

const CARRIERS = ["mac-commands", "application-port"] as const;
const LOSSES: readonly number[] = [0, 0.1, 0.2];

/** Works everything out: what a run costs is milliseconds, so the short scale is the full one. */
export async function measureAirCost({
  progress,
  signal,
}: EvaluationContext): Promise<AirCostResult> {
  progress.begin("Cost on the air", regions.length);
  const costs: AirCost[] = [];
  const parts: EnergyPart[] = [];
  for (const region of regions) {
    for (const situation of situations(region)) {
      const { conditions, exchanges, currents } = situation;
      const options = { loss: conditions.loss, currents };
      costs.push({ ...conditions, ...exchangesCost(exchanges, options) });
      if (conditions.loss > 0 || conditions.radio !== REFERENCE_RADIO_ID) continue;
      for (const [content, energyMj] of energyByContentMj(exchanges, options)) {
        parts.push({ ...conditions, content, energyMj });
      }
    }
    progress.advance(1);
    await breathe(signal);
  }
  return { costs, parts, policies: policyCosts(costs), computations: computationEnergies() };
}

/** All that a device of this region may do, in every circumstance. */
function* situations(region: Region) {
  for (const flow of AIR_FLOWS) {
    for (const link of links(region, flow)) {
      const exchanges = flow.exchanges(link);
      for (const { id: radio, ...currents } of RADIOS) {
        for (const loss of LOSSES) {
          const conditions: AirConditions = {
            flow: flow.id,
            region: region.name,
            dataRate: link.dataRate,
            modulation: (region.dataRates.find(isAt(link)) as DataRate).name,
            isLorawan11: link.isLorawan11,
            carrier: flow.isUpdate ? link.carrier : null,
            loss,
            radio,
          };
          yield { conditions, exchanges, currents };
        }
      }
    }
  }
}

function* links(region: Region, flow: AirFlow): Generator<CarriedLink> {
  // Only data rates of uplinks have a row here.
  for (const dataRate of region.rx1DataRates.keys()) {
    for (const isLorawan11 of flow.isLorawan11Only ? [true] : [false, true]) {
      for (const carrier of flow.isUpdate ? CARRIERS : CARRIERS.slice(0, 1)) {
        yield { region, dataRate, isLorawan11, carrier };
      }
    }
  }
}

function isAt({ dataRate }: CarriedLink): (candidate: DataRate) => boolean {
  return ({ index }) => index === dataRate;
}

/** Of the reference radio alone: with another one, shares go with the energy of an update. */
function policyCosts(costs: readonly AirCost[]): PolicyCost[] {
  const ofReference = costs.filter(({ radio }) => radio === REFERENCE_RADIO_ID);
  return ofReference.flatMap((cost) =>
    UPDATE_PERIODS.map(({ label: period, periodS }) => {
      const updatesPerYear = YEAR_MS / (1_000 * periodS);
      const year = yearlyCost(cost, updatesPerYear);
      const { flow, region, dataRate, modulation, isLorawan11, carrier, loss, radio } = cost;
      return {
        ...{ flow, region, dataRate, modulation, isLorawan11, carrier, loss, radio },
        period,
        updatesPerYear,
        tenYearBatteryShare: POLICY_YEARS * year.batteryShare,
        dutyCycleShare: hasDutyCycle(region) ? year.dutyCycleShare : null,
      };
    }),
  );
}
