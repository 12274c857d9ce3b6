import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_UPDATE_POLICY } from "../../../src/join-server/policies/update-policy-settings.ts";
import {
  DEFAULT_POLICY,
  formOfPolicy,
  policyOfForm,
  problemOf,
} from "../../../web/src/pages/policies/editor/policy-form.ts";

const DAY_MS = 86_400_000;

test("the console's default is the Join Server's", () => {
  assert.deepEqual(DEFAULT_POLICY, DEFAULT_UPDATE_POLICY);
});

test("a profile that is opened and saved says what it said, and inherits what it inherited", () => {
  const policies = [
    {},
    { maxAgeMs: 365 * DAY_MS, maxSessions: null, triggers: ["tampering"] },
    { triggers: [], minimumPeriodMs: 3_600_000, isHealing: false },
    { maxFrames: 1_000, isHealing: true },
  ] as const;
  for (const policy of policies) {
    const saved = policyOfForm(formOfPolicy({ ...policy, triggers: undefined }, "device-profile"));
    const { triggers: _triggers, ...rest } = policy as { triggers?: unknown };
    assert.deepEqual(saved, rest);
    if (!("triggers" in policy)) continue;
    const whole = formOfPolicy({ ...policy, triggers: [...policy.triggers] }, "device-profile");
    assert.deepEqual(policyOfForm(whole), policy);
  }
});

test("the policy of all devices has nothing to inherit and says everything", () => {
  const saved = policyOfForm(formOfPolicy({}, "all-devices"));
  assert.deepEqual(saved, DEFAULT_POLICY);
});

test("an age below the least time between two updates is told in days, inherited or not", () => {
  const form = formOfPolicy({ maxAgeMs: DAY_MS / 2 }, "device-profile");
  assert.match(problemOf(form, DEFAULT_POLICY) ?? "", /12 h.*1 day/);
  const weaker = { ...DEFAULT_POLICY, minimumPeriodMs: 3_600_000 };
  assert.equal(problemOf(form, weaker), undefined);
});

test("a limit that is switched on wants a number", () => {
  const form = formOfPolicy({}, "all-devices");
  assert.equal(problemOf(form, DEFAULT_POLICY), undefined);
  const empty = { ...form, maxSessions: { mode: "limit", value: undefined } } as const;
  assert.match(problemOf(empty, DEFAULT_POLICY) ?? "", /^Fill in/);
  const never = { ...form, minimumPeriodMs: { isInherited: false, value: undefined } };
  assert.match(problemOf(never, DEFAULT_POLICY) ?? "", /^Fill in/);
});
