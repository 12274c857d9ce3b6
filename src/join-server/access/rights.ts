import type { Role } from "../ports/token-store.ts";

/** What a route of the administration API may want of who calls it. */
export const RIGHTS = [
  "device:read",
  "device:write",
  "update:run",
  "campaign:run",
  "policy:write",
  "key:export",
  "peer:read",
  "peer:write",
  "token:read",
  "token:manage",
  "audit:read",
  "vault:read",
  "event:read",
  "report:read",
] as const;
export type Right = (typeof RIGHTS)[number];

/**
 * Who may do what. Root keys are write-only but for `key:export`. An auditor changes nothing, and an
 * operator cannot give rights to anybody, neither to people (tokens) nor to servers (peers).
 */
export const RIGHTS_OF_ROLE: Readonly<Record<Role, readonly Right[]>> = {
  administrator: RIGHTS,
  operator: [
    "device:read",
    "device:write",
    "update:run",
    "campaign:run",
    "policy:write",
    "peer:read",
    "event:read",
    "report:read",
  ],
  "key-officer": ["device:read", "key:export", "report:read"],
  auditor: [
    "device:read",
    "peer:read",
    "token:read",
    "audit:read",
    "vault:read",
    "event:read",
    "report:read",
  ],
};

export function hasRight(role: Role, right: Right): boolean {
  return RIGHTS_OF_ROLE[role].includes(right);
}

/** From all to least. */
export function rolesWith(right: Right): Role[] {
  return (Object.keys(RIGHTS_OF_ROLE) as Role[]).filter((role) => hasRight(role, right));
}
