import type { RunContext } from "../run-context.ts";

/** More are not drawn at a time. */
const MOST_DRAWN = 500;

/**
 * Whether a canary is waiting or under way. When every canary was skipped, nobody knows yet how updates go, so
 * others are drawn in their place: as many as were skipped so far, which doubles each time.
 */
export async function isCanaryLeft({
  store,
  ledger,
  campaign: { id },
}: Pick<RunContext, "store" | "ledger" | "campaign">): Promise<boolean> {
  const isCanary = true;
  const left = await store.findMembers(id, { states: ["waiting", "under-way"], isCanary }, 1);
  if (left.length > 0) return true;
  const tried = await store.findMembers(id, { states: ["updated", "failed"], isCanary }, 1);
  if (tried.length > 0) return false;
  const skipped = await store.findMembers(id, { states: ["skipped"], isCanary }, MOST_DRAWN);
  // With a time the order is that of their turns, which is as good as drawn.
  const whenever = Number.MAX_SAFE_INTEGER;
  const query = { states: ["waiting"], dueAt: whenever } as const;
  const drawn = await store.findMembers(id, query, Math.max(1, skipped.length));
  await ledger.save(drawn.map((before) => ({ before, after: { ...before, isCanary } })));
  return drawn.length > 0;
}
