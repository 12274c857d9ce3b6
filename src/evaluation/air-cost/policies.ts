import { YEAR_MS } from "../../root-key/cost/yearly-cost.ts";

/** How often root keys change. */
interface UpdatePeriod {
  readonly label: string;
  readonly periodS: number;
}

const YEAR_S = YEAR_MS / 1_000;

/** The first is the shortest period that the paper allows (its section 4). */
export const UPDATE_PERIODS: readonly UpdatePeriod[] = [
  { label: "2^11 s", periodS: 2 ** 11 },
  { label: "a day", periodS: YEAR_S / 365 },
  { label: "a week", periodS: (7 * YEAR_S) / 365 },
  { label: "a month", periodS: YEAR_S / 12 },
  { label: "a year", periodS: YEAR_S },
];

export const POLICY_YEARS = 10;

/** Regions whose rules limit the share of time that a device may send. */
const DUTY_CYCLE_REGIONS: readonly string[] = ["EU868"];

export function hasDutyCycle(regionName: string): boolean {
  return DUTY_CYCLE_REGIONS.includes(regionName);
}
