import { InvalidArgumentError } from "commander";
import type { OptionParser } from "./options.ts";

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A time such as `90s`, `30m`, `12h`, `7d`, `2w` or `1d12h`, in milliseconds. */
export function duration(minimumMs: number, maximumMs: number): OptionParser<number> {
  return (text) => {
    const parts = [...text.matchAll(/(\d+)([smhdw])/g)];
    const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === text;
    const ms = parts.reduce(
      (sum, [, count, unit]) => sum + Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS],
      0,
    );
    if (!isWhole || ms < minimumMs || ms > maximumMs) {
      const span = `${formatDuration(minimumMs)} to ${formatDuration(maximumMs)}`;
      throw new InvalidArgumentError(`a time such as 90s, 30m, 12h or 7d, from ${span}.`);
    }
    return ms;
  };
}

/** The two largest units of a time, such as `3 h 20 min`; at least a second is shown. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
