import type { ApiToken, Role } from "../../../join-server/ports/token-store.ts";
import { type ColumnValue, numberOf, type StoredRow } from "./column.ts";

export const TOKEN_COLUMNS = ["id", "name", "role", "hash", "created_at", "expires_at"] as const;

/** The values of `TOKEN_COLUMNS`. */
export function encodeToken(token: ApiToken): ColumnValue[] {
  const { id, name, role, hash, createdAt, expiresAt } = token;
  return [id, name, role, hash, createdAt, expiresAt ?? null];
}

export function decodeToken(row: StoredRow): ApiToken {
  return {
    id: row["id"] as string,
    name: row["name"] as string,
    role: row["role"] as Role,
    hash: row["hash"] as string,
    createdAt: Number(row["created_at"]),
    expiresAt: numberOf(row["expires_at"]),
  };
}
