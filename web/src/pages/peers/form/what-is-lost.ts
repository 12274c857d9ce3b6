import type { Peer } from "../peer-queries.ts";

/** What the API does not show of the authentication on record, in words; undefined for nothing. */
export function lostOfAuthentication({ authentication }: Peer): string | undefined {
  if (authentication.kind === "bearer") return "the token";
  if (authentication.kind === "loopback" || authentication.ca?.length === 0) return undefined;
  return "the CA";
}

/** As `lostOfAuthentication`, of the route. */
export function lostOfRoute({ route }: Peer): string | undefined {
  const lost = [
    route?.hasAuthorization === true && "the Authorization header",
    (route?.ca.length ?? 0) > 0 && "the CA",
  ].filter((what) => what !== false);
  return lost.length === 0 ? undefined : lost.join(" and ");
}
