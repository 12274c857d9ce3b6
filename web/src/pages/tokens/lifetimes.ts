const DAY_MS = 86_400_000;

/** How long a token may be used, as it is chosen. */
export const LIFETIMES = [
  { value: "1", label: "1 day" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "until", label: "until a moment that I choose" },
  { value: "never", label: "no expiry: until it is revoked" },
] as const;
export type Lifetime = (typeof LIFETIMES)[number]["value"];

/**
 * When a token of this lifetime expires.
 *
 * @param until of the lifetime `until`: local time, `2026-12-31T23:59`
 * @returns ISO 8601; undefined for never; null when `until` is no moment to come
 */
export function expiryOf(
  lifetime: Lifetime,
  until: string,
  now: number,
): string | undefined | null {
  if (lifetime === "never") return undefined;
  const at = lifetime === "until" ? Date.parse(until) : now + Number(lifetime) * DAY_MS;
  return at > now ? new Date(at).toISOString() : null;
}
