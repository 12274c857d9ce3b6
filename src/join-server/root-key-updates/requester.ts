/** Whoever wants updates, by kind. */
type RequesterKind = "operator" | "campaign" | "policy" | "network-server" | "application-server";

/**
 * Who wanted an update: `operator:<token>`, `campaign:<id>`, `policy:<reason>`, `network-server:<NetID>`,
 * `application-server:<AS-ID>`.
 */
export type Requester = `${RequesterKind}:${string}`;

/** Which kind of them it was; `unknown` of an update from before there were timelines. */
export function requesterKindOf(requestedBy: Requester | "unknown"): RequesterKind | "unknown" {
  const [kind = "unknown"] = requestedBy.split(":", 1);
  return kind as RequesterKind | "unknown";
}
