import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ADMIN_TOKEN,
  JoinServerRig,
  type Json,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { assertProblem, callAs, newestAudit, newToken } from "./support.ts";

const rig = useJoinServer();

describe("API tokens", () => {
  it("are shown once, kept as a hash, and in a form that scanners of secrets know", async () => {
    const { token, id } = await newToken(rig, "operator");
    assert.match(token as string, new RegExp(`^warren_${id}_[A-Za-z0-9_-]{43}$`));
    const secret = (token as string).split("_").slice(2).join("_");
    assert.ok(!rig.dump().includes(secret));
    const { token: _, ...view } = await newToken(rig, "auditor");
    assert.deepEqual((await rig.call("GET", `tokens/${view["id"]}`)).body, view);
    const listed = (await rig.call("GET", "tokens")).body["tokens"] as Json[];
    assert.ok(listed.some((known) => known["id"] === id));
    assert.ok(!JSON.stringify(listed).includes(secret));
    assert.ok(!rig.log.lines.some((line) => line.includes(secret)));
  });

  it("say who they are", async () => {
    const { token, id, name } = await newToken(rig, "key-officer");
    const { body } = await callAs(rig, token as string, "GET", "whoami");
    assert.deepEqual(body, {
      actor: `token:${id}`,
      name,
      role: "key-officer",
      rights: ["device:read", "key:export", "report:read"],
      expiresAt: null,
    });
    assert.equal((await rig.call("GET", "whoami")).body["actor"], "file-token");
  });

  it("stand in the audit log as who made and revoked them, and as who changes things", async () => {
    const administrator = await newToken(rig, "administrator");
    const actor = `token:${administrator["id"]}`;
    const response = await rig.admin.inject({
      method: "POST",
      url: "/api/v1/tokens",
      headers: { authorization: `Bearer ${administrator["token"]}` },
      payload: { name: "made by a token", role: "auditor" },
    });
    const { id } = response.json();
    assert.equal((await rig.call("DELETE", `tokens/${id}`)).status, 204);
    const [created, revoked] = await newestAudit(rig, 2);
    assert.deepEqual(
      [created?.["action"], created?.["actor"], created?.["subject"]],
      ["token.create", actor, id],
    );
    assert.deepEqual([revoked?.["action"], revoked?.["actor"]], ["token.revoke", "file-token"]);
    assertProblem(await rig.call("DELETE", `tokens/${id}`), 404, "resource-unknown");
  });

  it("end at once where they are revoked, and within two seconds elsewhere", async () => {
    const { token, id } = await newToken(rig, "auditor");
    const status = async () => (await callAs(rig, token as string, "GET", "whoami")).status;
    assert.equal(await status(), 200);
    // As another process on the same database does it.
    await rig.store.deleteToken(id as string);
    assert.equal(await status(), 200);
    rig.clock.time += 2_000;
    assert.equal(await status(), 401);
  });

  it("cost the database nothing for two seconds", async () => {
    const { token } = await newToken(rig, "auditor");
    const find = rig.store.findToken.bind(rig.store);
    let lookups = 0;
    rig.store.findToken = (hash) => {
      lookups++;
      return find(hash);
    };
    for (let i = 0; i < 5; i++) await callAs(rig, token as string, "GET", "whoami");
    rig.store.findToken = find;
    assert.equal(lookups, 1);
  });

  it("refuse what has not its form", async () => {
    const before = rig.dump();
    const good = { name: "x", role: "operator" };
    for (const wrong of [
      {},
      { name: "x" },
      { ...good, role: "root" },
      { ...good, name: "" },
      { ...good, name: "a\u0007" },
      { ...good, expiresAt: "tomorrow" },
      { ...good, expiresAt: "2027-01-01T00:00:00" },
      { ...good, expiresAt: "2027-13-01T00:00:00Z" },
      { ...good, hash: "00" },
    ]) {
      assertProblem(await rig.call("POST", "tokens", wrong), 400, "request-malformed");
    }
    const over = await rig.call("POST", "tokens", { ...good, expiresAt: "2020-01-01T00:00:00Z" });
    assertProblem(over, 400, "value-out-of-range");
    assertProblem(await rig.call("GET", "tokens/zz"), 400, "request-malformed");
    assert.equal(rig.dump(), before);
  });
});

describe("attempts without a valid token", () => {
  it("are limited by address, logged without the token, and hold nobody else up", async () => {
    const server = new JoinServerRig({ failuresPerMinute: 3 });
    const guess = `warren_0123456789abcdef_${"B".repeat(43)}`;
    for (let i = 0; i < 3; i++)
      assert.equal((await callAs(server, guess, "GET", "devices")).status, 401);
    const logged = server.log.lines.filter((line) => line.includes('"unauthorized"'));
    assert.equal(logged.length, 3);
    const limited = await callAs(server, guess, "GET", "devices");
    assertProblem(limited, 429, "too-many-failures");
    assert.match(limited.headers["retry-after"] as string, /^\d+$/);
    assert.equal((await callAs(server, ADMIN_TOKEN, "GET", "devices")).status, 200);
    assert.ok(!server.log.lines.some((line) => line.includes("BBBBBBBB")));
  });
});

describe("answers", () => {
  it("are never kept by a cache", async () => {
    for (const path of ["devices", "whoami", "devices/ffffffffffffffff", "openapi.json"]) {
      assert.equal((await rig.call("GET", path)).headers["cache-control"], "no-store", path);
    }
    const unauthorised = await callAs(rig, undefined, "GET", "devices");
    assert.equal(unauthorised.headers["cache-control"], "no-store");
  });
});
