import { WarrenError } from "../../errors.ts";
import type { EffectiveUpdatePolicy, UpdatePolicySettings } from "./update-policy-settings.ts";

/**
 * What one level may say of updates.
 *
 * @param settings as given
 * @param effective what holds with it where no stronger level says otherwise
 * @param shortestPeriodMs the least minimum period that this server takes
 * @throws WarrenError `value-out-of-range`
 */
export function checkUpdatePolicy(
  { minimumPeriodMs, maxAgeMs }: UpdatePolicySettings,
  effective: EffectiveUpdatePolicy,
  shortestPeriodMs: number,
): void {
  if (minimumPeriodMs !== undefined && minimumPeriodMs < shortestPeriodMs) {
    throw new WarrenError(
      "value-out-of-range",
      `minimumPeriodMs must be at least ${shortestPeriodMs} (${shortestPeriodMs / 1000} s); ` +
        "updates.shortest_period_seconds of the server's configuration allows shorter ones",
    );
  }
  const saysOne = minimumPeriodMs !== undefined || maxAgeMs !== undefined;
  if (saysOne && effective.maxAgeMs !== null && effective.maxAgeMs < effective.minimumPeriodMs) {
    throw new WarrenError(
      "value-out-of-range",
      `maxAgeMs (${effective.maxAgeMs}) is below minimumPeriodMs (${effective.minimumPeriodMs}), ` +
        "so generations would become older than it says: raise it, or lower minimumPeriodMs too",
    );
  }
}
