import { formatNumber } from "../report/format-number.ts";
import type { FlowId } from "./flows.ts";
import type { AirConditions } from "./measure.ts";
import { currentsOf, REFERENCE_RADIO, REFERENCE_RADIO_ID } from "./radios.ts";

/**
 * Whether a row is one of those that figures and findings show: LoRaWAN 1.1, which the paper is about, MAC
 * commands as in the paper, nothing lost, the reference radio.
 */
export function isReference(row: AirConditions): boolean {
  return (
    row.isLorawan11 &&
    row.carrier !== "application-port" &&
    row.loss === 0 &&
    row.radio === REFERENCE_RADIO_ID
  );
}

/** What a figure says of such rows. */
export const REFERENCE_PARAMETERS = {
  version: "LoRaWAN 1.1",
  carrier: "MAC commands",
  radio: currentsOf(REFERENCE_RADIO),
  loss: 0,
} as const;

/** A part of the reference rows for a figure: of one region, and of the data rates and flows that it shows. */
export interface Shown {
  readonly region: string;
  readonly modulations: readonly string[];
  readonly flows: readonly FlowId[];
}

export function referenceRows<Row extends AirConditions>(
  rows: readonly Row[],
  { region, modulations, flows }: Shown,
): Row[] {
  return rows.filter(
    (row) =>
      isReference(row) &&
      row.region === region &&
      modulations.includes(row.modulation) &&
      flows.includes(row.flow),
  );
}

/** The row of another flow in the same circumstances. */
export function counterpart<Row extends AirConditions>(
  rows: readonly Row[],
  row: AirConditions,
  flow: FlowId,
): Row | undefined {
  return rows.find(
    (candidate) =>
      candidate.flow === flow &&
      candidate.region === row.region &&
      candidate.dataRate === row.dataRate &&
      candidate.isLorawan11 === row.isLorawan11 &&
      candidate.loss === row.loss &&
      candidate.radio === row.radio &&
      // A join has no carrier: it is the counterpart of both.
      (candidate.carrier === row.carrier || candidate.carrier === null),
  );
}

/** `EU868 DR5 (SF7BW125)`. */
export function placeOf({ region, dataRate, modulation }: AirConditions): string {
  return `${region} ${rateOf({ dataRate, modulation })}`;
}

export function rateOf({
  dataRate,
  modulation,
}: Pick<AirConditions, "dataRate" | "modulation">): string {
  return `DR${dataRate} (${modulation})`;
}

/** The first row with the least, and that with the greatest. */
export function extremes<Row>(rows: readonly Row[], value: (row: Row) => number): [Row, Row] {
  const sorted = [...rows].sort((one, other) => value(one) - value(other));
  return [sorted[0] as Row, sorted.at(-1) as Row];
}

/** A share of 1 as `0.0024 %`. */
export function percent(share: number, digits = 2): string {
  return `${formatNumber(100 * share, digits)} %`;
}
