import type { DueQuery } from "../../ports/device-store.ts";
import { type PolicyLevels, policyOfProfile } from "../policy-levels.ts";
import type { EffectiveUpdatePolicy } from "../update-policy-settings.ts";

/** A look at all devices of one kind that may be due. */
export interface DueScan {
  /** The same for the same kind of devices, whatever their policy becomes. */
  readonly key: string;
  readonly query: DueQuery;
}

interface Group {
  readonly key: string;
  readonly deviceProfile: DueQuery["deviceProfile"];
  readonly policy: EffectiveUpdatePolicy;
}

/**
 * What to look for under these policies: events of all profiles first, then limits, then devices with a policy
 * of their own, of which each has to be looked at.
 *
 * @param now epoch milliseconds
 */
export function dueScans(levels: PolicyLevels, now: number): DueScan[] {
  const groups = groupsOf(levels);
  const make = (kind: string, { key, deviceProfile }: Group, query: Partial<DueQuery>) => ({
    key: `${kind} ${key}`,
    query: { now, deviceProfile, hasOwnPolicy: false, ...query },
  });
  return [
    ...groups
      .filter(({ policy }) => policy.triggers.length > 0)
      .map((group) => make("event", group, { isUpdateWanted: true })),
    ...groups
      .filter(({ policy }) => policy.maxAgeMs !== null || policy.maxSessions !== null)
      .map((group) => make("limit", group, limitsOf(group.policy, now))),
    ...groups.map((group) => make("own", group, { hasOwnPolicy: true })),
  ];
}

function groupsOf(levels: PolicyLevels): Group[] {
  const names = [...levels.profiles.keys()];
  return [
    { key: "", deviceProfile: { noneOf: names }, policy: policyOfProfile(levels, "") },
    ...names.map((name) => ({
      key: name,
      deviceProfile: name,
      policy: policyOfProfile(levels, name),
    })),
  ];
}

function limitsOf({ maxAgeMs, maxSessions }: EffectiveUpdatePolicy, now: number) {
  return {
    ...(maxAgeMs !== null && { generationSinceAtMost: now - maxAgeMs }),
    ...(maxSessions !== null && { generationSessionsAtLeast: maxSessions }),
  };
}
