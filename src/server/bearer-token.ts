import type { IncomingHttpHeaders } from "node:http";
import { equalBytes } from "../crypto/constant-time.ts";
import { sha256 } from "../crypto/sha256.ts";
import { WarrenError } from "../errors.ts";
import type { HttpApp } from "./http-app.ts";

/** A token that whoever asks has to show as `Authorization: Bearer <token>` (RFC 6750 §2.1). */
export class BearerToken {
  readonly #hash: Uint8Array;

  constructor(token: string) {
    this.#hash = sha256(`Bearer ${token}`);
  }

  /** In a time that does not depend on what was sent. */
  isShownIn({ authorization = "" }: IncomingHttpHeaders): boolean {
    return equalBytes(sha256(authorization), this.#hash);
  }

  /** @throws WarrenError `unauthorized` */
  requireIn(headers: IncomingHttpHeaders): void {
    if (this.isShownIn(headers)) return;
    throw new WarrenError("unauthorized", "send the header Authorization: Bearer <token>");
  }
}

/** Lets only requests that show the token through to the routes of `scope`. */
export function requireToken(scope: HttpApp, token: string): void {
  const expected = new BearerToken(token);
  scope.addHook("onRequest", (request, _reply, done) => {
    expected.requireIn(request.headers);
    done();
  });
}
