import type { EffectiveUpdatePolicy, UpdatePolicy } from "../../../api/generated/warren-api.ts";
import { formatDuration } from "../../../quantities/duration.ts";
import type { Trigger } from "../../../update-policy/policy-words.ts";

export type PolicyLevel = "all-devices" | "device-profile";

/** A limit as its fields hold it. */
export interface LimitForm {
  /** `inherit`: as all devices. */
  readonly mode: "inherit" | "none" | "limit";
  /** Undefined while nothing is typed. */
  readonly value: number | undefined;
}

export interface PolicyForm {
  readonly maxAgeMs: LimitForm;
  readonly maxSessions: LimitForm;
  readonly maxFrames: LimitForm;
  readonly triggers: { readonly isInherited: boolean; readonly chosen: readonly Trigger[] };
  readonly minimumPeriodMs: { readonly isInherited: boolean; readonly value: number | undefined };
  readonly kind: "inherit" | "plain" | "healing";
}

/** What every field of a policy takes. */
export interface PolicyFieldsProps {
  readonly level: PolicyLevel;
  readonly form: PolicyForm;
  /** What holds for what is inherited. */
  readonly weaker: EffectiveUpdatePolicy;
  readonly onChange: (change: Partial<PolicyForm>) => void;
}

/** What holds where nobody says anything (docs/policies.md). */
export const DEFAULT_POLICY: EffectiveUpdatePolicy = {
  maxAgeMs: null,
  maxSessions: null,
  maxFrames: null,
  triggers: [],
  minimumPeriodMs: 86_400_000,
  isHealing: false,
};

/** The fields for what a level says. The policy of all devices has nothing to inherit, so it says everything. */
export function formOfPolicy(policy: UpdatePolicy, level: PolicyLevel): PolicyForm {
  const isProfile = level === "device-profile";
  const limit = (value: number | null | undefined): LimitForm => {
    if (value === undefined) return { mode: isProfile ? "inherit" : "none", value: undefined };
    return value === null ? { mode: "none", value: undefined } : { mode: "limit", value };
  };
  const { triggers, minimumPeriodMs, isHealing } = policy;
  const plain = isProfile && isHealing === undefined ? "inherit" : "plain";
  return {
    maxAgeMs: limit(policy.maxAgeMs),
    maxSessions: limit(policy.maxSessions),
    maxFrames: limit(policy.maxFrames),
    triggers: { isInherited: isProfile && triggers === undefined, chosen: triggers ?? [] },
    minimumPeriodMs: {
      isInherited: isProfile && minimumPeriodMs === undefined,
      value: minimumPeriodMs ?? DEFAULT_POLICY.minimumPeriodMs,
    },
    kind: isHealing ? "healing" : plain,
  };
}

/** What the form says; what is inherited is left out. */
export function policyOfForm(form: PolicyForm): UpdatePolicy {
  const limit = ({ mode, value }: LimitForm) =>
    mode === "inherit" ? undefined : mode === "none" ? null : value;
  const { triggers, minimumPeriodMs, kind } = form;
  const policy: UpdatePolicy = {
    maxAgeMs: limit(form.maxAgeMs),
    maxSessions: limit(form.maxSessions),
    maxFrames: limit(form.maxFrames),
    triggers: triggers.isInherited ? undefined : [...triggers.chosen],
    minimumPeriodMs: minimumPeriodMs.isInherited ? undefined : minimumPeriodMs.value,
    isHealing: kind === "inherit" ? undefined : kind === "healing",
  };
  const said = Object.entries(policy).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as UpdatePolicy;
}

/** What is to be mended before a policy can be asked about; undefined when nothing is. */
export function problemOf(form: PolicyForm, weaker: EffectiveUpdatePolicy): string | undefined {
  const limits = [form.maxAgeMs, form.maxSessions, form.maxFrames];
  const isEmpty = limits.some(({ mode, value }) => mode === "limit" && !value);
  const period = form.minimumPeriodMs;
  if (isEmpty || (!period.isInherited && period.value === undefined)) {
    return "Fill in the limits that are switched on, with more than 0.";
  }
  const { maxAgeMs, minimumPeriodMs } = { ...weaker, ...policyOfForm(form) };
  if (maxAgeMs === null || maxAgeMs === undefined || maxAgeMs >= minimumPeriodMs) return undefined;
  return (
    `The longest age (${formatDuration(maxAgeMs)}) is below the least time between two updates ` +
    `(${formatDuration(minimumPeriodMs)}), so keys would become older than it says: raise it, or lower the other.`
  );
}
