import { useSessionQuery } from "./session.ts";

/**
 * Whether the signed-in role has a right, so that what it may not do is not offered. The server refuses it
 * anyway.
 */
export function useRights(): (right: string) => boolean {
  const { data } = useSessionQuery();
  return (right) => data?.rights.includes(right) ?? false;
}
