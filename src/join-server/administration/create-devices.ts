import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { JoinEuiRange } from "../join-eui-range.ts";
import { hasServedJoinEui } from "../joins/check-receiver.ts";
import {
  checkDevicePolicy,
  hasUnknownProfile,
  type PolicyRules,
} from "../policies/policy-rules.ts";
import type { AuditEvent, AuditLog } from "../ports/audit-log.ts";
import type { DeviceStore, NewDevice } from "../ports/device-store.ts";
import { changeSettings } from "../register-device.ts";
import { findKeyWeaknesses } from "../weak-keys/find-key-weaknesses.ts";
import { type DeviceDraft, type DraftOutcome, deviceOfDraft } from "./device-draft.ts";

/** A draft and the device made of it, or why there is none. */
interface Candidate {
  readonly draft: DeviceDraft;
  readonly made: NewDevice | WarrenError;
}

type Devices = Pick<DeviceStore & AuditLog, "createDevices" | "loadDevice" | "appendAudit">;

export interface BatchContext {
  readonly now: number;
  /** Says what would happen and stores nothing. */
  readonly isDryRun: boolean;
  /** For keys that were looked at before: outcomes have no weaknesses. */
  readonly skipsWeakKeys?: boolean;
  readonly servedJoinEuis: readonly JoinEuiRange[];
  readonly policyRules: PolicyRules;
  /** The entry for those that are to be added, and for those of them that were there already. */
  readonly auditOf: (
    action: "device.create" | "device.create-left-out",
    devEuis: readonly Eui64[],
  ) => AuditEvent;
}

/**
 * Adds the devices that can be added, all in one transaction with one audit entry; the others are left
 * out, and nothing on record changes.
 *
 * @returns for each draft, in order, what became of it
 */
export async function createDevices(
  store: Devices,
  drafts: readonly DeviceDraft[],
  context: BatchContext,
): Promise<DraftOutcome[]> {
  const candidates = makeDevices(drafts, context);
  const additions = candidates.flatMap(({ made }) => (made instanceof WarrenError ? [] : [made]));
  const added = await addAll(store, additions, context);
  const outcomes: DraftOutcome[] = [];
  for (const { draft, made } of candidates) {
    const { devEui } = draft.settings;
    if (made instanceof WarrenError) {
      outcomes.push({ devEui, outcome: "refused", code: made.code, message: made.message });
    } else if (added.has(devEui)) {
      outcomes.push({ devEui, outcome: "created", ...findingsOf(made, context) });
    } else {
      const difference = await differenceFromRecord(store, draft);
      outcomes.push(difference ?? { devEui, outcome: "known", ...findingsOf(made, context) });
    }
  }
  return outcomes;
}

function makeDevices(
  drafts: readonly DeviceDraft[],
  { now, policyRules }: BatchContext,
): Candidate[] {
  const seen = new Set<Eui64>();
  return drafts.map((draft) => {
    const { devEui } = draft.settings;
    if (seen.has(devEui)) {
      return { draft, made: new WarrenError("write-conflict", "its DevEUI came before") };
    }
    seen.add(devEui);
    try {
      checkDevicePolicy(draft.settings, policyRules);
      return { draft, made: deviceOfDraft(draft, now) };
    } catch (error) {
      if (error instanceof WarrenError) return { draft, made: error };
      throw error;
    }
  });
}

/** The DevEUIs of those that were added, or would be. */
async function addAll(
  store: Devices,
  additions: readonly NewDevice[],
  { isDryRun, auditOf }: BatchContext,
): Promise<ReadonlySet<Eui64>> {
  const added = new Set<Eui64>();
  if (additions.length === 0) return added;
  const devEuis = additions.map(({ device }) => device.devEui);
  if (isDryRun) {
    for (const devEui of devEuis) {
      if ((await store.loadDevice(devEui)) === undefined) added.add(devEui);
    }
    return added;
  }
  const isAdded = await store.createDevices(additions, auditOf("device.create", devEuis));
  devEuis.forEach((devEui, index) => {
    if (isAdded[index]) added.add(devEui);
  });
  // Which of them are there is only known in the transaction, which already has its entry.
  const leftOut = devEuis.filter((devEui) => !added.has(devEui));
  if (added.size > 0 && leftOut.length > 0) {
    await store.appendAudit([auditOf("device.create-left-out", leftOut)]);
  }
  return added;
}

/** What whoever gave the device should know. */
function findingsOf(
  { device }: NewDevice,
  { servedJoinEuis, skipsWeakKeys, policyRules }: BatchContext,
) {
  return {
    weaknesses: skipsWeakKeys ? [] : findKeyWeaknesses(device, device.rootKeys.currentKeys),
    hasServedJoinEui: hasServedJoinEui(device, servedJoinEuis),
    hasUnknownProfile: hasUnknownProfile(device, policyRules.levels),
  };
}

/** A repeated import finds its own devices again (undefined); others of the same DevEUI are conflicts. */
async function differenceFromRecord(
  store: Devices,
  { settings, keys }: DeviceDraft,
): Promise<DraftOutcome | undefined> {
  const { devEui } = settings;
  const stored = await store.loadDevice(devEui);
  try {
    if (stored !== undefined && changeSettings(stored, settings, keys) === stored) return undefined;
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    return { devEui, outcome: "refused", code: error.code, message: error.message };
  }
  const message = "the device is known with other settings; PATCH /devices/{devEui} changes them";
  return { devEui, outcome: "refused", code: "write-conflict", message };
}
