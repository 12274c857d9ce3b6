/**
 * One page of a list that is short enough to be in memory.
 *
 * @param query `after` is the name of the last item of the page before
 */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { limit = 100, after }: { readonly limit?: number; readonly after?: string },
): { items: T[]; next: string | null } {
  const last = after === undefined ? -1 : items.findIndex((item) => nameOf(item) === after);
  // A name that is gone meanwhile: with sorted names the page still goes on behind it.
  const start =
    after !== undefined && last === -1 ? items.findIndex((item) => nameOf(item) > after) : last + 1;
  const page = start === -1 ? [] : items.slice(start, start + limit);
  const hasMore = start !== -1 && start + limit < items.length;
  return { items: page, next: hasMore ? nameOf(page.at(-1) as T) : null };
}
