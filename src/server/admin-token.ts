import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { WarrenError } from "../errors.ts";
import type { HttpApp } from "./http-app.ts";

/**
 * Reads the administration token from a file, or makes one there (owner-only) on first start.
 *
 * @throws WarrenError `configuration-invalid` for a token of fewer than 16 characters, or a file that
 *   cannot be read or made
 */
export function loadOrCreateAdminToken(path: string): string {
  const token = readOrCreate(path);
  if (token.length < 16) {
    throw new WarrenError("configuration-invalid", `the token in ${path} is too short`);
  }
  return token;
}

function readOrCreate(path: string): string {
  try {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
    }
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new WarrenError("configuration-invalid", `cannot read or make the token ${path}`, {
      cause: error,
    });
  }
}

/** Lets only requests with `Authorization: Bearer <token>` through to the routes of `scope`. */
export function requireAdminToken(scope: HttpApp, token: string): void {
  const expected = digest(`Bearer ${token}`);
  scope.addHook("onRequest", (request, _reply, done) => {
    const given = digest(request.headers.authorization ?? "");
    if (timingSafeEqual(given, expected)) done();
    else done(new WarrenError("unauthorized", "send the header Authorization: Bearer <token>"));
  });
}

/** Equal lengths for the constant-time comparison, whatever was sent. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
