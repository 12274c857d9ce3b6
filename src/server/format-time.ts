/** A time of an administration API, ISO 8601 in UTC; `null` for what has not happened yet. */
export function formatTime(epochMs: number): string;
export function formatTime(epochMs: number | undefined): string | null;
export function formatTime(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString();
}
