import type { ApiClient, ApiRequest } from "./api-client.ts";

/** The most that the server gives at once. */
const PAGE = 1_000;

/**
 * Items of a list of the API, page after page.
 *
 * @param member of the answer that has the items
 * @param limit how many at most; all without it
 */
export async function listItems<T>(
  api: ApiClient,
  path: string,
  member: string,
  { query = {}, limit = Number.POSITIVE_INFINITY }: { query?: ApiRequest["query"]; limit?: number },
): Promise<T[]> {
  const items: T[] = [];
  let after: string | number | undefined;
  do {
    const page = await api.get<Record<string, unknown>>(path, {
      ...query,
      limit: Math.min(PAGE, limit - items.length),
      after,
    });
    items.push(...(page[member] as T[]));
    after = (page["next"] as string | number | null) ?? undefined;
  } while (after !== undefined && items.length < limit);
  return items;
}
