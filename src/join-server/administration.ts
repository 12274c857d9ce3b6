import { isDeepStrictEqual } from "node:util";
import { equalKeys } from "../crypto/aes128.ts";
import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import {
  type ChangeableSettings,
  checkVersion,
  describeChange,
  forgetDevNonces,
  hasNoDevNonces,
  replaceRootKeys,
} from "./administration/change-device.ts";
import { createDevices } from "./administration/create-devices.ts";
import {
  type Change,
  DeviceChanges,
  type DeviceChangesOptions,
} from "./administration/device-changes.ts";
import type { DeviceDraft, DraftOutcome, SettingsDoubts } from "./administration/device-draft.ts";
import { KeyExport } from "./administration/key-export.ts";
import { UpdateAdministration } from "./administration/update-administration.ts";
import type { Device, DeviceSettings } from "./device.ts";
import { hasServedJoinEui } from "./joins/check-receiver.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import { PolicyAdministration } from "./policies/policy-administration.ts";
import type { PolicyBook } from "./policies/policy-book.ts";
import { checkDevicePolicy, hasUnknownProfile, type PolicyRules } from "./policies/policy-rules.ts";
import type { DevicePage, DeviceQuery, DeviceSummaryPage } from "./ports/device-store.ts";
import type { JoinServerStore } from "./ports/join-server-store.ts";
import { changeSettings, type GivenRootKeys, newDevice, withSettings } from "./register-device.ts";
import { expireWithTimeline } from "./root-key-updates/timeline/expire-update.ts";
import { failureEvents } from "./root-key-updates/timeline/failure-events.ts";
import type { UpdatePolicy } from "./root-key-updates/update-policy.ts";
import type { UpdateStarter } from "./root-key-updates/update-starter.ts";
import type { Decision } from "./save-with-retry.ts";

/** A batch that creates more devices is told in one event: an import would flood who listens. */
const MOST_EVENTS_OF_A_BATCH = 100;

export interface AdministrationOptions extends DeviceChangesOptions {
  readonly store: JoinServerStore;
  readonly updateStarter: UpdateStarter;
  readonly updatePolicy: UpdatePolicy;
  readonly policies: Pick<PolicyBook, "levels" | "freshLevels">;
}

/**
 * What an operator may do with devices. Every method stores first, together with its entry in the audit
 * log; a refusal is a thrown WarrenError and changes nothing.
 */
export class Administration {
  readonly updates: UpdateAdministration;
  readonly policies: PolicyAdministration;
  readonly keyExport: KeyExport;
  readonly #options: AdministrationOptions;
  readonly #changes: DeviceChanges;

  constructor(options: AdministrationOptions) {
    this.#options = options;
    this.#changes = new DeviceChanges(options);
    this.updates = new UpdateAdministration(options.updateStarter, this.#changes);
    const { shortestPeriodMs } = options.updatePolicy;
    this.policies = new PolicyAdministration({ ...options, shortestPeriodMs }, this.#changes);
    this.keyExport = new KeyExport(options, this.#changes);
  }

  /**
   * Adds a device, or changes the settings of a known one; the same again changes nothing.
   *
   * @param change with `ifAbsent` a known one is refused
   * @throws WarrenError `value-out-of-range` for an update policy, `root-key-missing`, `write-conflict`, `precondition-failed`
   */
  async putDevice(
    settings: DeviceSettings,
    keys: GivenRootKeys,
    change: Change & { readonly ifAbsent?: boolean },
  ): Promise<{ device: Device; isNew: boolean }> {
    const { store, clock } = this.#options;
    const { devEui } = settings;
    const device = newDevice(settings, keys, clock.now());
    if (change.ifVersion === undefined && (await store.loadDevice(devEui)) === undefined) {
      checkDevicePolicy(settings, await this.#policyRules());
      const audit = this.#changes.audit(change.actor, "device.create", devEui);
      const [isNew] = await store.createDevices([{ device, usedDevNonces: [] }], audit);
      if (isNew) {
        this.#changes.publish("device-created", { devEui, joinEui: settings.joinEui });
        return { device: await loadKnownDevice(store, devEui), isNew: true };
      }
    }
    if (change.ifAbsent) {
      throw new WarrenError("precondition-failed", `a device has the DevEUI ${devEui} already`);
    }
    const changed = await this.#change(devEui, change, (stored) =>
      changeSettings(stored, settings, keys),
    );
    return { device: changed, isNew: false };
  }

  /**
   * Changes the settings that are given.
   *
   * @throws WarrenError `device-unknown`, `precondition-failed`, `value-out-of-range` for an update policy
   */
  patchDevice(
    devEui: Eui64,
    settings: Partial<ChangeableSettings>,
    change: Change,
  ): Promise<Device> {
    return this.#change(devEui, change, (stored) => withSettings(stored, settings));
  }

  /** What may well be a mistake in the settings of a device. */
  async doubtsAbout(device: Device): Promise<SettingsDoubts> {
    const { store, policies } = this.#options;
    return {
      hasServedJoinEui: hasServedJoinEui(device, await store.listJoinEuiRanges()),
      hasUnknownProfile: hasUnknownProfile(device, await policies.levels()),
    };
  }

  /** @throws WarrenError `device-unknown` */
  getDevice(devEui: Eui64): Promise<Device> {
    return loadKnownDevice(this.#options.store, devEui);
  }

  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage> {
    return this.#options.store.findDevices(query, limit, after);
  }

  findDeviceSummaries(
    query: DeviceQuery,
    limit: number,
    after?: Eui64,
  ): Promise<DeviceSummaryPage> {
    return this.#options.store.findDeviceSummaries(query, limit, after);
  }

  /** Its nonces stay, for the day it comes back. @throws WarrenError `device-unknown` */
  async deleteDevice(devEui: Eui64, actor: string): Promise<void> {
    const audit = this.#changes.audit(actor, "device.delete", devEui);
    if (!(await this.#options.store.deleteDevice(devEui, audit))) {
      throw new WarrenError("device-unknown", `no device has the DevEUI ${devEui}`);
    }
    this.#changes.publish("device-deleted", { devEui });
  }

  /** Each in a transaction of its own. @returns for each, in order, whether there was such a device */
  async deleteDevices(devEuis: readonly Eui64[], actor: string): Promise<boolean[]> {
    const outcomes: boolean[] = [];
    for (const devEui of devEuis) {
      const audit = this.#changes.audit(actor, "device.delete", devEui);
      const isDeleted = await this.#options.store.deleteDevice(devEui, audit);
      if (isDeleted) this.#changes.publish("device-deleted", { devEui });
      outcomes.push(isDeleted);
    }
    return outcomes;
  }

  /**
   * Adds many devices: those that can be added, in one transaction with one entry in the audit log. Nothing
   * on record is changed.
   *
   * @param drafts at most some thousands, since joins wait meanwhile
   * @param options `source` says where they come from, such as the format of an import
   * @returns for each draft, in order, what became of it; a dry run says what would
   */
  async createDevices(
    drafts: readonly DeviceDraft[],
    actor: string,
    options: { readonly isDryRun?: boolean; readonly source?: string } = {},
  ): Promise<DraftOutcome[]> {
    const { isDryRun = false, source } = options;
    const { store, clock } = this.#options;
    const outcomes = await createDevices(store, drafts, {
      now: clock.now(),
      isDryRun,
      servedJoinEuis: await store.listJoinEuiRanges(),
      policyRules: await this.#policyRules(),
      auditOf: (action, devEuis) =>
        this.#changes.audit(actor, action, "", { source, count: devEuis.length, devEuis }),
    });
    if (!isDryRun) this.#publishCreated(outcomes);
    return outcomes;
  }

  /**
   * Gives a device that was flashed anew its new root keys; its sessions end.
   *
   * @param change `resetsDevNonces` also forgets its DevNonces and RJcount1, which is safe with a new NwkKey:
   *   no Join-request of before verifies under it
   * @throws WarrenError `device-unknown`, `root-key-missing`, `update-not-allowed`, `precondition-failed`,
   *   `nonce-reset-refused` when it is to keep its NwkKey
   */
  async putRootKeys(
    devEui: Eui64,
    keys: GivenRootKeys,
    change: Change & { readonly resetsDevNonces: boolean },
  ): Promise<Device> {
    const { updatePolicy, clock, store, policies } = this.#options;
    const hasUsed = (await store.listUsedDevNonces(devEui)).length > 0;
    const timeline = { now: clock.now(), levels: await policies.levels() };
    const decide = (stored: Device): Decision => {
      checkVersion(stored, change.ifVersion);
      const current = expireWithTimeline(stored, updatePolicy, timeline);
      const replaced = replaceRootKeys(current.device, keys, timeline.now);
      const forgets = change.resetsDevNonces && (hasUsed || !hasNoDevNonces(stored));
      const changed = forgets ? forgetDevNonces(replaced, false) : replaced;
      if (changed === current.device) return { device: stored };
      const details = {
        generationBefore: stored.rootKeys.generation,
        isNwkKeyNew: !equalKeys(
          changed.rootKeys.currentKeys.nwkKey,
          stored.rootKeys.currentKeys.nwkKey,
        ),
        resetsDevNonces: forgets,
      };
      const audit = this.#changes.audit(change.actor, "device.replace-root-keys", devEui, details);
      const { endedAttempts } = current;
      return { device: changed, endedAttempts, forgetsUsedDevNonces: forgets, audit };
    };
    const { device, isSaved, endedAttempts } = await this.#changes.decide(devEui, decide);
    const told = failureEvents(device, endedAttempts, { at: timeline.now });
    for (const event of told) this.#options.events.publish(event);
    if (isSaved) this.#changes.publish("device-changed", { devEui, reason: "root-keys" });
    return device;
  }

  /**
   * Forgets DevNonces and RJcount1, so that a device that counts from 0 again can join. JoinNonce goes on.
   *
   * @param reset `reason` is for the audit log; `force`: although old Join-requests may verify
   * @throws WarrenError `device-unknown`, `nonce-reset-refused`
   */
  async resetNonces(
    devEui: Eui64,
    reset: { readonly actor: string; readonly reason: string; readonly force: boolean },
  ): Promise<Device> {
    const { actor, reason, force } = reset;
    const { device } = await this.#changes.decide(devEui, (stored) => {
      const { lastDevNonce, rjCount1 } = stored;
      const details = { reason, force, lastDevNonce, rjCount1 };
      return {
        device: forgetDevNonces(stored, force),
        forgetsUsedDevNonces: true,
        audit: this.#changes.audit(actor, "device.reset-nonces", devEui, details),
      };
    });
    this.#changes.publish("nonces-reset", { devEui, reason });
    return device;
  }

  async #policyRules(): Promise<PolicyRules> {
    const { policies, updatePolicy } = this.#options;
    const { shortestPeriodMs } = updatePolicy;
    return { levels: await policies.levels(), shortestPeriodMs };
  }

  #publishCreated(outcomes: readonly DraftOutcome[]): void {
    const created = outcomes.filter(({ outcome }) => outcome === "created");
    if (created.length > MOST_EVENTS_OF_A_BATCH) {
      this.#changes.publish("devices-imported", { count: created.length });
      return;
    }
    for (const { devEui } of created) this.#changes.publish("device-created", { devEui });
  }

  async #change(
    devEui: Eui64,
    change: Change,
    decide: (stored: Device) => Device,
  ): Promise<Device> {
    const rules = await this.#policyRules();
    const { device, isSaved } = await this.#changes.decide(devEui, (stored) => {
      checkVersion(stored, change.ifVersion);
      const changed = decide(stored);
      if (changed === stored) return { device: stored };
      // What is on record stays, whatever became of the policies above it.
      if (!isDeepStrictEqual(changed.updatePolicy, stored.updatePolicy)) {
        checkDevicePolicy(changed, rules);
      }
      const details = describeChange(stored, changed);
      return {
        device: changed,
        audit: this.#changes.audit(change.actor, "device.change", devEui, details),
      };
    });
    if (isSaved) this.#changes.publish("device-changed", { devEui });
    return device;
  }
}
