/** What a list of the API answers: items under a name of their own, and where the next page begins. */
interface Page {
  readonly next: string | null;
}

/** As large as the API gives them. */
export const PAGE_LIMIT = 1_000;

/**
 * The whole of a list that is short enough to be shown at once, such as peers or tokens.
 *
 * @param readPage asks for the page after an item; undefined for the first
 * @throws ApiError
 */
export async function readAllPages<P extends Page, T>(
  readPage: (after: string | undefined) => Promise<P>,
  itemsOf: (page: P) => readonly T[],
): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await readPage(after);
    items.push(...itemsOf(page));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return items;
}
