import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkUpdatePolicy } from "../../../src/join-server/policies/check-update-policy.ts";
import {
  originsOfPolicy,
  type PolicyLevels,
  policyOfDevice,
} from "../../../src/join-server/policies/policy-levels.ts";
import {
  DEFAULT_UPDATE_POLICY,
  effectivePolicy,
  SHORTEST_PERIOD_MS,
  UPDATE_TRIGGERS,
  type UpdatePolicySettings,
} from "../../../src/join-server/policies/update-policy-settings.ts";
import { warrenError as refusal } from "../../support/warren-error.ts";

const DAY_MS = 86_400_000;

function levelsOf(
  allDevices: UpdatePolicySettings,
  meters: UpdatePolicySettings = {},
): PolicyLevels {
  const profile = { name: "meters", description: "", updatePolicy: meters };
  return { allDevices, profiles: new Map([["meters", profile]]) };
}

const settings: fc.Arbitrary<UpdatePolicySettings> = fc.record(
  {
    maxAgeMs: fc.option(fc.integer({ min: 1 })),
    maxSessions: fc.option(fc.integer({ min: 1 })),
    maxFrames: fc.option(fc.integer({ min: 1 })),
    triggers: fc.subarray([...UPDATE_TRIGGERS]),
    minimumPeriodMs: fc.nat(),
    isHealing: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe("levels of update policies", () => {
  it("have each member from the strongest level that says it", () => {
    const levels = levelsOf(
      { maxAgeMs: 90 * DAY_MS, maxSessions: 100, isHealing: true },
      { maxAgeMs: 30 * DAY_MS, maxSessions: null },
    );
    const device = { deviceProfile: "meters", updatePolicy: { minimumPeriodMs: 7 * DAY_MS } };
    assert.deepEqual(policyOfDevice(levels, device), {
      ...DEFAULT_UPDATE_POLICY,
      maxAgeMs: 30 * DAY_MS,
      maxSessions: null,
      isHealing: true,
      minimumPeriodMs: 7 * DAY_MS,
    });
    assert.deepEqual(originsOfPolicy(levels, device), {
      maxAgeMs: "device-profile",
      maxSessions: "device-profile",
      maxFrames: "default",
      triggers: "default",
      minimumPeriodMs: "device",
      isHealing: "all-devices",
    });
  });

  it("count an unknown profile as none", () => {
    const levels = levelsOf({ maxSessions: 100 }, { maxSessions: 5 });
    for (const deviceProfile of ["", "unknown", "constructor"]) {
      assert.equal(policyOfDevice(levels, { deviceProfile, updatePolicy: {} }).maxSessions, 100);
    }
  });

  it("say of each member the level that it has its value from", () => {
    fc.assert(
      fc.property(settings, settings, settings, (device, profile, all) => {
        const levels = levelsOf(all, profile);
        const owner = { deviceProfile: "meters", updatePolicy: device };
        const policy = policyOfDevice(levels, owner);
        const valuesOf = {
          device,
          "device-profile": profile,
          "all-devices": all,
          default: DEFAULT_UPDATE_POLICY,
        };
        for (const [name, level] of Object.entries(originsOfPolicy(levels, owner))) {
          const member = name as keyof typeof policy;
          assert.deepEqual(valuesOf[level][member], policy[member]);
        }
      }),
    );
  });
});

describe("a policy that somebody gives", () => {
  const check = (given: UpdatePolicySettings, shortestPeriodMs = SHORTEST_PERIOD_MS) =>
    checkUpdatePolicy(given, effectivePolicy(given), shortestPeriodMs);

  it("has a minimum period of 2^11 s or more, unless the server takes shorter ones", () => {
    check({ minimumPeriodMs: 2_048_000 });
    assert.throws(() => check({ minimumPeriodMs: 2_047_999 }), refusal("value-out-of-range"));
    check({ minimumPeriodMs: 0 }, 0);
  });

  it("has no maximum age below its minimum period, its own or that of a weaker level", () => {
    check({ maxAgeMs: DAY_MS });
    assert.throws(() => check({ maxAgeMs: DAY_MS - 1 }), refusal("value-out-of-range"));
    check({ maxAgeMs: DAY_MS - 1, minimumPeriodMs: DAY_MS - 1 });
    check({ maxAgeMs: null, minimumPeriodMs: 10 * DAY_MS });
  });

  it("may say other things where weaker levels are at odds", () => {
    const atOdds = effectivePolicy({ isHealing: true }, { maxAgeMs: 5, minimumPeriodMs: 10 });
    checkUpdatePolicy({ isHealing: true }, atOdds, 0);
    assert.throws(() => checkUpdatePolicy({ maxAgeMs: 5 }, atOdds, 0), /maxAgeMs \(5\) is below/);
  });
});
