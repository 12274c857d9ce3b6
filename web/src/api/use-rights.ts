import type { ConsoleSession } from "./generated/warren-api.ts";
import { useSessionQuery } from "./session.ts";

export type Right = ConsoleSession["rights"][number];

/**
 * Whether the signed-in role has a right, so that what it may not do is not offered. The server refuses it
 * anyway.
 */
export function useRights(): (right: Right) => boolean {
  const { data } = useSessionQuery();
  return (right) => data?.rights.includes(right) ?? false;
}
