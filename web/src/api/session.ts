import { useQuery } from "@tanstack/react-query";
import {
  type ConsoleSession,
  deleteSession,
  getSession,
  postSession,
} from "./generated/warren-api.ts";
import { setCsrfToken } from "./request.ts";

export const SESSION_KEY = ["session"] as const;

/** Of this browser; throws ApiError `unauthorized` without one. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async ({ signal }) => withItsToken(await getSession({ signal })),
    staleTime: 60_000,
  });
}

/** @throws ApiError `unauthorized` for a token or code that is not valid */
export async function signIn(
  credential: Parameters<typeof postSession>[0]["body"],
): Promise<ConsoleSession> {
  return withItsToken(await postSession({ body: credential }));
}

export async function signOut(): Promise<void> {
  await deleteSession();
  setCsrfToken("");
}

/** From now on requests are of this session. */
function withItsToken(session: ConsoleSession): ConsoleSession {
  setCsrfToken(session.csrfToken);
  return session;
}
