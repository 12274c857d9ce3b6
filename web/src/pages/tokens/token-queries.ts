import { queryOptions } from "@tanstack/react-query";
import { getTokens } from "../../api/generated/warren-api.ts";
import { PAGE_LIMIT, readAllPages } from "../../api/read-all-pages.ts";

/** API tokens, newest first; never their text. No event tells of them. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => {
    const tokens = await readAllPages(
      (after) => getTokens({ limit: PAGE_LIMIT, after }, { signal }),
      (page) => page.tokens,
    );
    return tokens.reverse();
  },
  refetchInterval: 15_000,
});
