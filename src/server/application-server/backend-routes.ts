import {
  answerBackendRequest,
  type BackendRequestContext,
} from "../../application-server/root-keys/backend-requests.ts";
import { equalBytes } from "../../crypto/constant-time.ts";
import { sha256 } from "../../crypto/sha256.ts";
import type { HttpApp } from "../http-app.ts";

export interface BackendRoutesOptions extends BackendRequestContext {
  /** What a Join Server has to show as `Authorization: Bearer`. */
  readonly rootKeyToken: string;
}

/** Messages of the Join Server (docs/application-port.md). */
export function addBackendRoutes(app: HttpApp, options: BackendRoutesOptions): void {
  const expected = sha256(`Bearer ${options.rootKeyToken}`);
  app.post("/", (request) => {
    const given = sha256(request.headers.authorization ?? "");
    return answerBackendRequest(options, request.body, equalBytes(given, expected));
  });
}
