import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { postCampaignsPreview } from "../../../api/generated/warren-api.ts";
import type { CampaignBody, ReadForm } from "../form/campaign-body.ts";

/** Typing goes on for less than this between two keys. */
const DEBOUNCE_MS = 500;

/** What the campaign of the form would do; asked for anew a moment after the last change. */
export function usePreview(read: ReadForm) {
  const [settled] = useDebouncedValue(read, DEBOUNCE_MS);
  const query = useQuery({
    // A list may have 100,000 devices, so a number stands for each body.
    queryKey: ["campaign-preview", numberOf(settled.body)],
    queryFn: ({ signal }) => postCampaignsPreview({ body: settled.body }, { signal }),
    enabled: Object.keys(settled.problems).length === 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return { query, isCurrent: settled === read && !query.isFetching && query.isSuccess };
}

const numbers = new WeakMap<CampaignBody, number>();
let last = 0;

function numberOf(body: CampaignBody): number {
  const number = numbers.get(body) ?? ++last;
  numbers.set(body, number);
  return number;
}
