import {
  answerBackendRequest,
  type BackendRequestContext,
} from "../../application-server/root-keys/backend-requests.ts";
import { BearerToken } from "../bearer-token.ts";
import type { HttpApp } from "../http-app.ts";

export interface BackendRoutesOptions extends BackendRequestContext {
  /** What a Join Server has to show as `Authorization: Bearer`. */
  readonly rootKeyToken: string;
}

/** Messages of the Join Server (docs/application-port.md). */
export function addBackendRoutes(app: HttpApp, options: BackendRoutesOptions): void {
  const token = new BearerToken(options.rootKeyToken);
  app.post("/", ({ body, headers }) =>
    answerBackendRequest(options, body, token.isShownIn(headers)),
  );
}
