import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { UpdatePolicySettings } from "../../../../../src/join-server/policies/update-policy-settings.ts";
import { auditEvent } from "../arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "../store-under-test.ts";

const POLICY: UpdatePolicySettings = {
  maxAgeMs: 86_400_000,
  maxSessions: null,
  triggers: ["tampering"],
  minimumPeriodMs: 2_048_000,
  isHealing: true,
};

export function describePolicies(makeDatabase: MakeDatabase): void {
  describe("policies", () => {
    const under = new StoreUnderTest(makeDatabase);
    const actions = async () =>
      (await under.store.readAudit(0, 100)).map(({ action, subject }) => `${action} ${subject}`);

    it("are empty at first", async () => {
      assert.deepEqual(await under.store.loadUpdatePolicy(), {});
      assert.deepEqual(await under.store.listDeviceProfiles(), []);
    });

    it("of all devices come back as they were given, also for another process", async () => {
      await under.store.saveUpdatePolicy(POLICY, auditEvent({ action: "policy.set" }));
      assert.deepEqual(await under.store.loadUpdatePolicy(), POLICY);
      const another = await under.openAnother();
      assert.deepEqual(await another.loadUpdatePolicy(), POLICY);
      await another.saveUpdatePolicy({});
      assert.deepEqual(await under.store.loadUpdatePolicy(), {});
      assert.deepEqual(await under.store.listDeviceProfiles(), []);
    });

    it("of profiles come in the order of their names, and the last save counts", async () => {
      const profile = (name: string) => ({ name, description: `of ${name}`, updatePolicy: POLICY });
      for (const name of ["valves", "Äpfel", "meters", "Zeta"]) {
        await under.store.saveDeviceProfile(profile(name), auditEvent({ subject: name }));
      }
      const changed = { ...profile("meters"), description: "", updatePolicy: {} };
      await under.store.saveDeviceProfile(changed);
      assert.deepEqual(await under.store.listDeviceProfiles(), [
        profile("Zeta"),
        changed,
        profile("valves"),
        profile("Äpfel"),
      ]);
    });

    it("of profiles are deleted once, and never the one of all devices by an empty name", async () => {
      await under.store.saveUpdatePolicy(POLICY);
      assert.equal(await under.store.deleteDeviceProfile(""), false);
      assert.deepEqual(await under.store.loadUpdatePolicy(), POLICY);
      const deleted = auditEvent({ action: "profile.delete" });
      assert.equal(await under.store.deleteDeviceProfile("valves", deleted), true);
      assert.equal(await under.store.deleteDeviceProfile("valves", deleted), false);
      assert.equal((await under.store.listDeviceProfiles()).length, 3);
      assert.deepEqual(
        (await actions()).filter((action) => action === "profile.delete "),
        ["profile.delete "],
      );
      assert.ok((await actions()).includes("policy.set "));
    });
  });
}
