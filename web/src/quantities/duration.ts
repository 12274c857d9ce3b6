export const UNITS_MS = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
} as const;
export type DurationUnit = keyof typeof UNITS_MS;

/** The two largest units of a time, such as `3 h 20 min` or `365 days`; at least a second is shown. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  const days = Math.floor(seconds / 86_400);
  const parts = [
    [days, days === 1 ? "day" : "days"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count.toLocaleString("en")} ${unit}`)
    .join(" ");
}

/** The largest of the units given in which a time is a whole number; the smallest when it is in none. */
export function fittingUnit(ms: number, units: readonly DurationUnit[]): DurationUnit {
  const bySize = [...units].sort((a, b) => UNITS_MS[b] - UNITS_MS[a]);
  return bySize.find((unit) => ms % UNITS_MS[unit] === 0) ?? bySize.at(-1) ?? "seconds";
}
