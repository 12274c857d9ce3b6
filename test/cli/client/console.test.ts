import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JoinServerProcess } from "./support.ts";

describe("warren console", () => {
  const server = new JoinServerProcess();

  it("prints a link whose code signs in once, with the rights of the token", async () => {
    const { address, link, expiresAt } = await server.json<Record<string, string>>("console");
    assert.ok(address?.endsWith("/console/"), address);
    assert.ok(Date.parse(expiresAt ?? "") > Date.now());
    const { stdout } = await server.run("console");
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/console\/sign-in#[A-Za-z0-9_-]{32}\n$/);

    const [page, code] = (link ?? "").split("#");
    const signIn = () =>
      fetch(new URL("/api/v1/session", page), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });
    const first = await signIn();
    assert.equal(first.status, 200);
    assert.equal(((await first.json()) as { role: string }).role, "administrator");
    assert.equal((await signIn()).status, 401);
  });
});
