import type { ServerEvent } from "../../../api/events.ts";
import { formatCount } from "../../../quantities/numbers.ts";

/** Members of an event that a line has room for, as people in this field call them. */
const NAMES = {
  reason: "",
  generation: "generation",
  updateId: "update",
  joinNonce: "JoinNonce",
  devNonce: "DevNonce",
  senderId: "from",
} as const;

/** `DevNonce 12 · from 000013`; empty when there is nothing more to say. */
export function detailsOf(event: ServerEvent): string {
  const parts = Object.entries(NAMES).flatMap(([member, name]) => {
    const value = event[member];
    return value === undefined ? [] : [`${name} ${String(value)}`.trim()];
  });
  const { count } = event as { readonly count?: number };
  if (count !== undefined) parts.push(`${formatCount(count)} devices`);
  return parts.join(" · ");
}
