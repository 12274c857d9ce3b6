import { WarrenError } from "../../errors.ts";
import { eu868 } from "./eu868.ts";
import type { Region } from "./region.ts";
import { us915 } from "./us915.ts";

/** All regions that Warren knows. */
export const regions: readonly Region[] = [eu868, us915];

/** @throws WarrenError `value-out-of-range` unless `name` is that of a region, such as "EU868" */
export function regionByName(name: string): Region {
  const region = regions.find((candidate) => candidate.name === name);
  if (region === undefined) {
    const names = regions.map((candidate) => candidate.name).join(", ");
    throw new WarrenError("value-out-of-range", `the region must be one of ${names}, not ${name}`);
  }
  return region;
}
