import type { Device } from "../../device.ts";
import { isUnderWay } from "../../root-key-updates/update-policy.ts";
import type { Campaign } from "../campaign.ts";

/** What is to be done with a device whose turn it is. */
export type Examined =
  | { readonly kind: "start" }
  /** It is not updated here, and why. */
  | { readonly kind: "skip"; readonly reason: string }
  /** Not before this time (epoch milliseconds). */
  | { readonly kind: "wait"; readonly until: number }
  /** An update is under way already: its end is waited for. */
  | { readonly kind: "join"; readonly updateId: number }
  /** It has had what the campaign wants since the campaign was made. */
  | { readonly kind: "updated"; readonly updateId: number };

/**
 * Looks at a device whose turn it is.
 *
 * @param shortestPeriodMs between two committed updates: an operator is above the minimum period of a policy,
 *   but a campaign of thousands is no way round the floor
 */
export function examineDevice(
  device: Device | undefined,
  campaign: Campaign,
  { now, shortestPeriodMs }: { readonly now: number; readonly shortestPeriodMs: number },
): Examined {
  if (device === undefined) return { kind: "skip", reason: "device-unknown" };
  if (device.isDisabled) return { kind: "skip", reason: "device-disabled" };
  if (hasWhatIsWanted(device, campaign)) {
    return { kind: "updated", updateId: device.rootKeys.update?.updateId ?? 0 };
  }
  const { generationAtMost } = campaign.settings;
  if (generationAtMost !== undefined && device.rootKeys.generation > generationAtMost) {
    return { kind: "skip", reason: "generation-newer" };
  }
  if (isUnderWay(device)) return { kind: "join", updateId: device.rootKeys.update?.updateId ?? 0 };
  const floor = (device.updateCommittedAt ?? Number.NEGATIVE_INFINITY) + shortestPeriodMs;
  return floor > now ? { kind: "wait", until: floor } : { kind: "start" };
}

/** Whether an update is of the suite and the kind that the campaign names, if it does. */
export function isOfWantedKind(
  update: { readonly suite: number; readonly isHealing: boolean },
  { settings }: Campaign,
): boolean {
  return (
    (settings.suite ?? update.suite) === update.suite &&
    (settings.isHealing ?? update.isHealing) === update.isHealing
  );
}

/** Whoever asked for it: also after a crash between the commit and the note of it in the campaign. */
function hasWhatIsWanted({ rootKeys, updateCommittedAt }: Device, campaign: Campaign): boolean {
  const { update } = rootKeys;
  return (
    update?.status === "committed" &&
    (updateCommittedAt ?? 0) >= campaign.createdAt &&
    isOfWantedKind(update, campaign)
  );
}
