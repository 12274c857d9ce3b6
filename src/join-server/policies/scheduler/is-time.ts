/**
 * Whether it is time for what is to be done again `periodMs` after the last time. A time that lies further ahead
 * is one of a clock that has been set back since: waiting for it could take years.
 *
 * @param dueAt epoch milliseconds, as `now`
 */
export function isTime(dueAt: number, now: number, periodMs: number): boolean {
  return dueAt <= now || dueAt > now + periodMs;
}
