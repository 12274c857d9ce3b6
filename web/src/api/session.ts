import { useQuery } from "@tanstack/react-query";
import { request, setCsrfToken } from "./request.ts";

export interface Session {
  readonly name: string;
  readonly role: "administrator" | "operator" | "key-officer" | "auditor";
  readonly rights: readonly string[];
  readonly expiresAt: string | null;
  readonly csrfToken: string;
}

export const SESSION_KEY = ["session"] as const;

/** Of this browser; throws ApiError `unauthorized` without one. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      const session = (await (await request("/api/v1/session")).json()) as Session;
      setCsrfToken(session.csrfToken);
      return session;
    },
    staleTime: 60_000,
  });
}

/** @throws ApiError `unauthorized` for a token or code that is not valid */
export async function signIn(credential: { token: string } | { code: string }): Promise<Session> {
  const response = await request("/api/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credential),
  });
  const session = (await response.json()) as Session;
  setCsrfToken(session.csrfToken);
  return session;
}

export async function signOut(): Promise<void> {
  await request("/api/v1/session", { method: "DELETE" });
  setCsrfToken("");
}
