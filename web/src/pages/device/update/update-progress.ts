import type { UpdateAttempt } from "../../../api/generated/warren-api.ts";

export type StageState = "done" | "current" | "to-come" | "failed" | "not-reached";

export interface Stage {
  readonly name: "prepared" | "accepted" | "confirmed" | "committed";
  /** What it means, in a few words. */
  readonly meaning: string;
  readonly state: StageState;
  /** ISO 8601; undefined for a stage that was not reached or not told of by itself. */
  readonly at: string | undefined;
}

type StepKind = UpdateAttempt["steps"][number]["kind"];

const STAGES = [
  { name: "prepared", step: "started", meaning: "The request is on its way to the device" },
  { name: "accepted", step: "accepted", meaning: "The device derives its new keys" },
  { name: "confirmed", step: "ready-received", meaning: "It has proven them, and joins" },
  { name: "committed", step: "committed", meaning: "The new root keys are in use" },
] as const satisfies readonly { name: Stage["name"]; step: StepKind; meaning: string }[];

/**
 * The four stages of an update and how far an attempt has come. A stage may be passed without a step of its
 * own: a device that proves its keys has accepted, whether or not its answer was heard.
 */
export function stagesOf({ outcome, steps, endedAt }: UpdateAttempt): readonly Stage[] {
  const timeOf = (kind: StepKind) => steps.find((step) => step.kind === kind)?.at;
  const reached = STAGES.findLastIndex(({ step }) => timeOf(step) !== undefined);
  const last = outcome === "committed" ? STAGES.length - 1 : Math.max(0, reached);
  return STAGES.map(({ name, step, meaning }, index) => ({
    name,
    meaning,
    at:
      index === STAGES.length - 1 ? (timeOf(step) ?? committedAt(outcome, endedAt)) : timeOf(step),
    state: stateOf(index, last, outcome),
  }));
}

function committedAt(
  outcome: UpdateAttempt["outcome"],
  endedAt: string | null,
): string | undefined {
  return outcome === "committed" ? (endedAt ?? undefined) : undefined;
}

function stateOf(index: number, last: number, outcome: UpdateAttempt["outcome"]): StageState {
  if (index <= last) return "done";
  if (outcome === "failed") return index === last + 1 ? "failed" : "not-reached";
  return index === last + 1 ? "current" : "to-come";
}
