import type { DueQuery, StuckQuery } from "../../../../join-server/ports/device-store.ts";
import { allOf, anyOf, type SqlCondition } from "./sql-condition.ts";

const UNDER_WAY = "'prepared', 'accepted', 'confirmed'";

/** As `DeviceStore.findDueDevices` has it; `undefined` when no device can be due. */
export function dueCondition(query: DueQuery): SqlCondition | undefined {
  const reasons = query.hasOwnPolicy ? undefined : reasonsOf(query);
  if (reasons?.length === 0) return undefined;
  const isOwn = query.hasOwnPolicy ? "<>" : "=";
  return allOf([
    profileCondition(query.deviceProfile),
    { text: `update_policy ${isOwn} '{}'`, values: [] },
    { text: "is_disabled = 0", values: [] },
    { text: `update_status IS NULL OR update_status NOT IN (${UNDER_WAY})`, values: [] },
    { text: "update_not_before IS NULL OR update_not_before <= ?", values: [query.now] },
    ...(reasons === undefined ? [] : [anyOf(reasons)]),
  ]);
}

function profileCondition(deviceProfile: DueQuery["deviceProfile"]): SqlCondition {
  if (typeof deviceProfile === "string") {
    return { text: "device_profile = ?", values: [deviceProfile] };
  }
  const places = deviceProfile.noneOf.map(() => "?").join(", ");
  if (places === "") return allOf([]);
  return { text: `device_profile NOT IN (${places})`, values: deviceProfile.noneOf };
}

function reasonsOf(query: DueQuery): SqlCondition[] {
  const { generationSinceAtMost, generationSessionsAtLeast, isUpdateWanted } = query;
  const reasons: SqlCondition[] = [];
  if (generationSinceAtMost !== undefined) {
    reasons.push({ text: "generation_since <= ?", values: [generationSinceAtMost] });
  }
  if (generationSessionsAtLeast !== undefined) {
    reasons.push({ text: "generation_sessions >= ?", values: [generationSessionsAtLeast] });
  }
  if (isUpdateWanted === true) reasons.push({ text: "update_wanted IS NOT NULL", values: [] });
  return reasons;
}

/** As `DeviceStore.findStuckDevices` has it. */
export function stuckCondition(query: StuckQuery): SqlCondition {
  const conditions: readonly [string, number | undefined][] = [
    [`update_status IN (${UNDER_WAY}) AND update_started_at <= ?`, query.startedAtMost],
    ["failed_attempts >= ?", query.failedAttemptsAtLeast],
    ["last_update_id >= ?", query.lastUpdateIdAtLeast],
  ];
  return anyOf(
    conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, values: [value] }])),
  );
}
