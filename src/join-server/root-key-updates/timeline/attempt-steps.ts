import type { AttemptStep, UpdateAttempt } from "../update-attempt.ts";

/** Of a long attempt its beginning and its end are kept: how it started, and why it ended. */
const FIRST_STEPS = 16;
const LAST_STEPS = 16;

/** The attempt with one more step; in the middle of a long one steps are left out. */
export function addStep(attempt: UpdateAttempt, step: AttemptStep): UpdateAttempt {
  const steps = [...attempt.steps, step];
  if (steps.length <= FIRST_STEPS + LAST_STEPS) return { ...attempt, steps };
  return { ...attempt, steps: [...steps.slice(0, FIRST_STEPS), ...steps.slice(-LAST_STEPS)] };
}
