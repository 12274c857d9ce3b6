import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireToken } from "../../src/server/bearer-token.ts";
import { createHttpApp } from "../../src/server/http-app.ts";
import { captureLog } from "../support/log-capture.ts";

describe("requireToken", () => {
  it("guards the routes of its scope, whether they exist or not", async () => {
    const app = createHttpApp(captureLog().logger);
    app.register(
      (scope, _options, done) => {
        requireToken(scope, "a-token-of-some-length");
        scope.get("/x", () => ({ ok: true }));
        done();
      },
      { prefix: "/api" },
    );
    const get = async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await app.inject({ url: "/api/x", headers })).statusCode;
    };
    assert.equal(await get("Bearer a-token-of-some-length"), 200);
    for (const wrong of [undefined, "", "a-token-of-some-length", "Bearer a-token-of-some-lengt"]) {
      assert.equal(await get(wrong), 401, wrong);
    }
    assert.equal((await app.inject({ url: "/livez" })).statusCode, 200);
    await app.close();
  });
});
