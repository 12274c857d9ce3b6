import { type ErrorCode, WarrenError } from "../../errors.ts";

const NO_TLS = "it does not speak TLS there; try http:// in --url";

const CERTIFICATE_HINTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from a CA that is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from a CA that is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate comes from a CA that is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from a CA that is not trusted here",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: compare the clocks",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name than that of --url",
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

const CONNECTION_HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; is the Join Server running, and is --url right?",
  ENOTFOUND: "there is no such host; check --url",
  EAI_AGAIN: "the name of the host cannot be looked up now; check --url and the network",
  EHOSTUNREACH: "there is no way to that host; check --url and the network",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer; check --url and the network",
  UND_ERR_HEADERS_TIMEOUT: "it took the request and did not answer in time; see its log",
  UND_ERR_BODY_TIMEOUT: "it stopped in the middle of its answer; see its log",
  ECONNRESET: "it closed the connection; a server with TLS needs https:// in --url",
  UND_ERR_SOCKET: "it closed the connection; a server with TLS needs https:// in --url",
};

/** Why there was no answer, and what to do. */
export function connectionError(error: unknown, url: string): WarrenError {
  const code = codeOf(error);
  const certificate = CERTIFICATE_HINTS[code];
  if (certificate !== undefined) {
    const remedy = certificate === NO_TLS ? "" : " (--ca-file names the CA to trust)";
    return new WarrenError("peer-unreachable", `${url} is not trusted: ${certificate}${remedy}`, {
      cause: error,
    });
  }
  const hint = CONNECTION_HINTS[code] ?? `the connection failed (${code})`;
  return new WarrenError("peer-unreachable", `no answer from ${url}: ${hint}`, { cause: error });
}

/** A refusal of the server: its code and text when it says them as RFC 9457 problem details. */
export function problemOf(status: number, text: string, request: string): WarrenError {
  const { title, detail } = problemDetails(text);
  if (status === 401) {
    return new WarrenError(
      "unauthorized",
      "the Join Server does not know the token of --token-file (WARREN_TOKEN_FILE)",
    );
  }
  if (detail === undefined) {
    return new WarrenError("peer-refused", `${request}: HTTP ${status}; is this a Join Server?`);
  }
  if (status === 403) return new WarrenError(title as ErrorCode, `not allowed: ${detail}`);
  // The server is this same program, so its titles are our codes, but for these that have none.
  const isCode = title !== "not-found" && title !== "defect";
  return new WarrenError(isCode ? (title as ErrorCode) : "peer-refused", detail);
}

function problemDetails(text: string): { title?: string; detail?: string } {
  try {
    const { title, detail } = JSON.parse(text) as Record<string, unknown>;
    return typeof title === "string" && typeof detail === "string" ? { title, detail } : {};
  } catch {
    return {};
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? "unknown";
}
