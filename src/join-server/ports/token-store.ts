import type { AuditEvent } from "./audit-log.ts";

/** What the bearer of a token may do, from all to least; the table stands in `access/rights.ts`. */
export const ROLES = ["administrator", "operator", "key-officer", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** An API token as it is kept: the token itself is shown once, when it is made. */
export interface ApiToken {
  /** 16 hex digits; what people and the audit log call it by. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token in hex; a token has 256 random bits, so no slow hash is needed. */
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
}

/** @throws WarrenError `storage-failed` from every method */
export interface TokenStore {
  findToken(hash: string): Promise<ApiToken | undefined>;
  /** In the order of their creation. */
  listTokens(): Promise<ApiToken[]>;
  saveToken(token: ApiToken, audit?: AuditEvent): Promise<void>;
  /** False when there is none. */
  deleteToken(id: string, audit?: AuditEvent): Promise<boolean>;
}
