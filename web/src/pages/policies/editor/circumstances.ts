import type { postUpdatePolicyCost } from "../../../api/generated/warren-api.ts";

type CostBody = Parameters<typeof postUpdatePolicyCost>[0]["body"];

/** The devices that the cost is shown for. */
export type Circumstances = Required<
  Pick<CostBody, "region" | "macVersion" | "uplinksPerDay" | "sessionsPerYear" | "loss">
>;

/** As the Join Server takes them where nothing is said. */
export const USUAL_CIRCUMSTANCES: Circumstances = {
  region: "EU868",
  macVersion: "1.0.3",
  uplinksPerDay: 24,
  sessionsPerYear: 12,
  loss: 0,
};
