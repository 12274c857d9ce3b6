import type { Right } from "../api/use-rights.ts";

export interface NavLinkEntry {
  readonly to: string;
  readonly label: string;
  /** Shown only to roles with it. */
  readonly right: Right;
}

export const NAV_LINKS: readonly NavLinkEntry[] = [
  { to: "/", label: "Overview", right: "device:read" },
  { to: "/devices", label: "Devices", right: "device:read" },
  { to: "/campaigns", label: "Campaigns", right: "device:read" },
  { to: "/policies", label: "Policies", right: "device:read" },
  { to: "/peers", label: "Peers", right: "peer:read" },
  { to: "/import", label: "Import", right: "device:write" },
  { to: "/audit", label: "Audit log", right: "audit:read" },
  { to: "/tokens", label: "API tokens", right: "token:read" },
  { to: "/settings", label: "Settings and vault", right: "vault:read" },
  { to: "/evaluation", label: "Evaluation", right: "report:read" },
];
