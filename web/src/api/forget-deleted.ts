import type { QueryClient } from "@tanstack/react-query";

/**
 * To be called when something was deleted and what shows it is being left. That may be on the screen for a moment
 * yet, so what it shows is not asked for again, which nothing would answer; but whoever comes back later does ask.
 *
 * @param queryKey of everything that is asked about it
 */
export function forgetDeleted(client: QueryClient, queryKey: readonly unknown[]): void {
  client.removeQueries({ queryKey, type: "inactive" });
  void client.invalidateQueries({ queryKey, refetchType: "none" });
}
