import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { DeviceChanges } from "../administration/device-changes.ts";
import type { Device } from "../device.ts";
import type { DeviceProfile, PolicyStore } from "../ports/policy-store.ts";
import { checkUpdatePolicy } from "./check-update-policy.ts";
import type { PolicyBook } from "./policy-book.ts";
import { type PolicyLevels, policyOfDevice, policyOfProfile } from "./policy-levels.ts";
import type { UpdatePolicySettings, UpdateTrigger } from "./update-policy-settings.ts";
import { wantUpdateAfter } from "./want-update.ts";

export interface PolicyAdministrationOptions {
  readonly store: PolicyStore;
  readonly policies: Pick<PolicyBook, "freshLevels" | "levels">;
  readonly shortestPeriodMs: number;
  readonly clock: Clock;
}

/** An event that somebody has seen at a device. */
export interface SecurityEvent {
  readonly kind: Extract<UpdateTrigger, "tampering">;
  /** For the audit log. */
  readonly note: string | undefined;
}

/** Update policies of all devices and of device profiles. The same again changes nothing. */
export class PolicyAdministration {
  readonly #options: PolicyAdministrationOptions;
  readonly #changes: DeviceChanges;

  constructor(options: PolicyAdministrationOptions, changes: DeviceChanges) {
    this.#options = options;
    this.#changes = changes;
  }

  /** As they are in the database now. */
  levels(): Promise<PolicyLevels> {
    return this.#options.policies.freshLevels();
  }

  /**
   * What all devices have in common.
   *
   * @throws WarrenError `value-out-of-range`, also when a device profile would contradict itself with it
   */
  async putUpdatePolicy(policy: UpdatePolicySettings, actor: string): Promise<void> {
    const { store, policies } = this.#options;
    const before = await policies.freshLevels();
    if (isDeepStrictEqual(before.allDevices, policy)) return;
    this.#check({ ...before, allDevices: policy }, "", policy);
    await store.saveUpdatePolicy(
      policy,
      this.#changes.audit(actor, "update-policy.put", "", { from: before.allDevices, to: policy }),
    );
    await policies.freshLevels();
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#options.clock.now();
  }

  /** In the order of their names. */
  listDeviceProfiles(): Promise<DeviceProfile[]> {
    return this.#options.store.listDeviceProfiles();
  }

  /** @throws WarrenError `resource-unknown` */
  async getDeviceProfile(name: string): Promise<DeviceProfile> {
    const profile = (await this.levels()).profiles.get(name);
    if (profile === undefined) throw profileUnknown(name);
    return profile;
  }

  /**
   * Adds a device profile or replaces it; its devices follow within seconds.
   *
   * @returns whether it is new
   * @throws WarrenError `value-out-of-range`
   */
  async putDeviceProfile(profile: DeviceProfile, actor: string): Promise<boolean> {
    const { store, policies } = this.#options;
    const before = await policies.freshLevels();
    const stored = before.profiles.get(profile.name);
    if (isDeepStrictEqual(stored, profile)) return false;
    const profiles = new Map(before.profiles).set(profile.name, profile);
    this.#check({ ...before, profiles }, profile.name, profile.updatePolicy);
    const details = { from: stored?.updatePolicy ?? null, to: profile.updatePolicy };
    await store.saveDeviceProfile(
      profile,
      this.#changes.audit(actor, "device-profile.put", profile.name, details),
    );
    await policies.freshLevels();
    return stored === undefined;
  }

  /** Devices that name it have none then. @throws WarrenError `resource-unknown` */
  async deleteDeviceProfile(name: string, actor: string): Promise<void> {
    const { store, policies } = this.#options;
    const audit = this.#changes.audit(actor, "device-profile.delete", name);
    if (!(await store.deleteDeviceProfile(name, audit))) throw profileUnknown(name);
    await policies.freshLevels();
  }

  /**
   * Records what somebody has seen at a device. Where its policy names such events, new root keys are wanted as
   * soon as the minimum period allows them.
   *
   * @throws WarrenError `device-unknown`
   */
  async reportSecurityEvent(
    devEui: Eui64,
    { kind, note }: SecurityEvent,
    actor: string,
  ): Promise<Device> {
    const levels = await this.#options.policies.levels();
    const { device } = await this.#changes.decide(devEui, (stored) => ({
      device: wantUpdateAfter(stored, kind, policyOfDevice(levels, stored)),
      audit: this.#changes.audit(actor, "device.security-event", devEui, { kind, note }),
    }));
    this.#changes.publish("security-event", { devEui, reason: kind });
    return device;
  }

  /** @throws WarrenError `value-out-of-range` */
  #check(levels: PolicyLevels, name: string, given: UpdatePolicySettings): void {
    const { shortestPeriodMs } = this.#options;
    checkUpdatePolicy(given, policyOfProfile(levels, name), shortestPeriodMs);
    if (name !== "") return;
    for (const { name: profile, updatePolicy } of levels.profiles.values()) {
      try {
        checkUpdatePolicy(updatePolicy, policyOfProfile(levels, profile), shortestPeriodMs);
      } catch (error) {
        if (!(error instanceof WarrenError)) throw error;
        throw new WarrenError(error.code, `device profile ${profile}: ${error.message}`);
      }
    }
  }
}

function profileUnknown(name: string): WarrenError {
  return new WarrenError("resource-unknown", `no device profile has the name ${name}`);
}
