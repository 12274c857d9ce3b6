import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { postUpdatePolicyCost, type UpdatePolicy } from "../../../api/generated/warren-api.ts";
import type { Circumstances } from "./circumstances.ts";
import type { PolicyLevel } from "./policy-form.ts";

const DEBOUNCE_MS = 400;

/** What a policy would cost, asked for anew a moment after the last change. @param policy undefined: not yet */
export function useCost(
  policy: UpdatePolicy | undefined,
  level: PolicyLevel,
  circumstances: Circumstances,
) {
  const text = JSON.stringify({ policy, level, ...circumstances });
  const [settled] = useDebouncedValue(text, DEBOUNCE_MS);
  const query = useQuery({
    queryKey: ["policy-cost", settled],
    queryFn: ({ signal }) => postUpdatePolicyCost({ body: JSON.parse(settled) }, { signal }),
    enabled: settled === text && policy !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const isCurrent = settled === text && query.isSuccess && !query.isPlaceholderData;
  return { query, isCurrent };
}
