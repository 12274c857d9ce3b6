import type { DueQuery, StuckQuery } from "../../../../join-server/ports/device-store.ts";
import type { DeviceConditions } from "./device-conditions.ts";
import { allOf, anyOf, type SqlCondition } from "./sql-condition.ts";

const UNDER_WAY = "'prepared', 'accepted', 'confirmed'";

/**
 * Indexes over the few devices that updates are about, so that looking for them costs nothing where there are none.
 * Both databases take such an index only when a condition of the query reads exactly like the index's own.
 */
export const UPDATE_INDEXES = {
  devices_under_way: `update_status IN (${UNDER_WAY})`,
  devices_with_own_policy: "update_policy <> '{}'",
  devices_with_update_wanted: "update_wanted IS NOT NULL",
} as const;

const IS_UNDER_WAY: SqlCondition = { text: UPDATE_INDEXES.devices_under_way, values: [] };
const HAS_OWN_POLICY: SqlCondition = { text: UPDATE_INDEXES.devices_with_own_policy, values: [] };
const IS_WANTED: SqlCondition = { text: UPDATE_INDEXES.devices_with_update_wanted, values: [] };

/** As `DeviceStore.findDueDevices` has it; `undefined` when no device can be due. */
export function dueConditions(query: DueQuery): DeviceConditions | undefined {
  const common = [
    profileCondition(query.deviceProfile),
    { text: "is_disabled = 0", values: [] },
    { text: `update_status IS NULL OR update_status NOT IN (${UNDER_WAY})`, values: [] },
    { text: "update_not_before IS NULL OR update_not_before <= ?", values: [query.now] },
  ];
  if (query.hasOwnPolicy) return { range: [HAS_OWN_POLICY], filters: common };
  const filters = [...common, { text: "update_policy = '{}'", values: [] }];
  const reasons = reasonsOf(query);
  if (reasons.length === 0) return undefined;
  const isIndexed = reasons.every((reason) => reason === IS_WANTED);
  return isIndexed
    ? { range: reasons, filters }
    : { range: [], filters: [...filters, anyOf(reasons)] };
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
  if (isUpdateWanted === true) reasons.push(IS_WANTED);
  return reasons;
}

/** As `DeviceStore.findStuckDevices` has it. */
export function stuckConditions(query: StuckQuery): DeviceConditions {
  const { startedAtMost, failedAttemptsAtLeast, lastUpdateIdAtLeast } = query;
  const isOld = atBound("update_started_at <= ?", startedAtMost);
  const others = [
    ...atBound("failed_attempts >= ?", failedAttemptsAtLeast),
    ...atBound("last_update_id >= ?", lastUpdateIdAtLeast),
  ];
  if (others.length === 0 && isOld.length > 0) return { range: [IS_UNDER_WAY], filters: isOld };
  const isStuck = isOld.map((condition) => allOf([IS_UNDER_WAY, condition]));
  return { range: [], filters: [anyOf([...isStuck, ...others])] };
}

function atBound(text: string, value: number | undefined): SqlCondition[] {
  return value === undefined ? [] : [{ text, values: [value] }];
}
