import type { EffectiveUpdatePolicy } from "../api/generated/warren-api.ts";
import { formatDuration } from "../quantities/duration.ts";
import { formatCount } from "../quantities/numbers.ts";

export type PolicyMember = keyof EffectiveUpdatePolicy;
export type Trigger = EffectiveUpdatePolicy["triggers"][number];

export const TRIGGER_WORDS: Readonly<Record<Trigger, { label: string; help: string }>> = {
  tampering: {
    label: "Tampering",
    help: "somebody has reported that the device was tampered with",
  },
  "key-export": {
    label: "Export of keys",
    help: "its root keys have left this Join Server",
  },
  "wrong-mics": {
    label: "False proofs",
    help: "an update has failed because of three false proofs",
  },
};

/** Each member: its name, and what it means in a sentence. */
export const MEMBER_WORDS: Readonly<Record<PolicyMember, { label: string; help: string }>> = {
  maxAgeMs: {
    label: "Longest age",
    help: "New root keys after they have been in use for this long.",
  },
  maxSessions: {
    label: "Most sessions",
    help: "New root keys after so many joins and rejoins with the same ones.",
  },
  maxFrames: {
    label: "Most frames",
    help: "New root keys after so many frames; the servers that carry the frames count them and ask.",
  },
  triggers: { label: "Events", help: "New root keys when one of these happens." },
  minimumPeriodMs: {
    label: "Least time between",
    help: "No policy starts an update sooner after the last one; operators and campaigns may.",
  },
  isHealing: {
    label: "Kind of the updates",
    help: "With an X25519 exchange, who has the old keys and only listens does not learn the new ones; it takes more time on the air.",
  },
};

/** What a member says, in words: `365 days`, `no limit`. */
export function memberText(
  member: PolicyMember,
  policy: Partial<EffectiveUpdatePolicy>,
): string | undefined {
  const value = policy[member];
  if (value === undefined) return undefined;
  if (value === null) return "no limit";
  if (Array.isArray(value)) {
    return value.map((trigger) => TRIGGER_WORDS[trigger].label.toLowerCase()).join(", ") || "none";
  }
  if (typeof value === "boolean") return value ? "with an X25519 exchange" : "without an exchange";
  const number = value as number;
  if (member === "maxSessions" || member === "maxFrames") return formatCount(number);
  return number === 0 ? "none" : formatDuration(number);
}
