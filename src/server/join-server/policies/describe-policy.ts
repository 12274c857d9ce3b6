import { type PolicyCost, policyCost } from "../../../join-server/policies/policy-cost.ts";
import { type PolicyLevels, policyOfProfile } from "../../../join-server/policies/policy-levels.ts";
import type {
  EffectiveUpdatePolicy,
  UpdatePolicySettings,
} from "../../../join-server/policies/update-policy-settings.ts";
import type { DeviceProfile } from "../../../join-server/ports/policy-store.ts";
import { isLorawan11, parseMacVersion } from "../../../lorawan/mac-version.ts";
import { regionByName } from "../../../lorawan/region/regions.ts";
import type { UpdatePolicyBody } from "../admin/schemas/update-policy-schema.ts";
import type { CostBody, DeviceProfileView, PolicyCostView, PolicyView } from "./policy-schemas.ts";

type Circumstances = Omit<CostBody, "policy" | "level">;

/**
 * The cost of a policy for devices of which as much is known.
 *
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 */
export function describeCost(
  policy: EffectiveUpdatePolicy,
  circumstances: Circumstances = {},
): PolicyCostView {
  const { region = "EU868", dataRate, macVersion, carrier } = circumstances;
  const { uplinksPerDay = 24, sessionsPerYear = 12, loss = 0 } = circumstances;
  const cost: PolicyCost = policyCost(policy, {
    region: regionByName(region),
    dataRate,
    isLorawan11: macVersion !== undefined && isLorawan11(parseMacVersion(macVersion)),
    carrier: carrier === "application-port" ? carrier : "mac-commands",
    uplinksPerDay,
    sessionsPerYear,
    loss,
  });
  return {
    updatesPerYear: cost.updatesPerYear,
    dataRates: cost.dataRates.map(({ dataRate: { index, name }, perUpdate, perYear }) => ({
      dataRate: index,
      name,
      perUpdate,
      perYear,
    })),
  };
}

/** The policy of all devices. */
export function describePolicy(levels: PolicyLevels): PolicyView {
  const effective = policyOfProfile(levels, "");
  return {
    policy: policyBody(levels.allDevices),
    effective: describeEffective(effective),
    cost: describeCost(effective),
  };
}

export function describeProfile(profile: DeviceProfile) {
  const { name, description, updatePolicy } = profile;
  return { name, description, updatePolicy: policyBody(updatePolicy) };
}

/** With what holds for its devices. */
export function describeProfileWithCost(
  profile: DeviceProfile,
  levels: PolicyLevels,
): DeviceProfileView {
  const effective = policyOfProfile(levels, profile.name);
  return {
    ...describeProfile(profile),
    effective: describeEffective(effective),
    cost: describeCost(effective),
  };
}

export function describeEffective(policy: EffectiveUpdatePolicy): PolicyView["effective"] {
  return { ...policy, triggers: [...policy.triggers] };
}

function policyBody(settings: UpdatePolicySettings): UpdatePolicyBody {
  return settings as UpdatePolicyBody;
}
