import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ADMIN_TOKEN, JoinServerRig, useJoinServer } from "../../../support/join-server-rig.ts";
import { newestAudit, newToken } from "../admin/support.ts";
import { type SignedIn, send, sessionStatus, signIn } from "./support.ts";

const HOUR_MS = 3_600_000;

describe("signing in", () => {
  const rig = useJoinServer();
  const newCode = async () => (await rig.call("POST", "sign-in-codes")).body["code"] as string;

  it("gives a session with the rights of the token, and a cookie that no script and no site gets", async () => {
    const { token } = await newToken(rig, "auditor");
    const { body, setCookie, cookie } = await signIn(rig, { token });
    assert.deepEqual([body["role"], body["name"]], ["auditor", "a auditor"]);
    assert.ok((body["rights"] as string[]).includes("audit:read"));
    assert.equal(body["expiresAt"], new Date(rig.clock.time + 12 * HOUR_MS).toISOString());
    assert.match(
      setCookie,
      /^warren-session=[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const again = await send(rig, "GET", "/api/v1/session", { headers: { cookie } });
    assert.deepEqual([again.status, again.body], [200, body]);
    assert.equal(again.headers["set-cookie"], undefined);
  });

  it("takes a one-time code once", async () => {
    const { token } = await newToken(rig, "operator");
    const made = await rig.admin.inject({
      method: "POST",
      url: "/api/v1/sign-in-codes",
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(made.statusCode, 201);
    const { code, expiresAt } = made.json();
    assert.equal(expiresAt, new Date(rig.clock.time + 600_000).toISOString());
    assert.equal((await signIn(rig, { code })).body["role"], "operator");
    const again = await send(rig, "POST", "/api/v1/session", { body: { code } });
    assert.deepEqual([again.status, again.body["title"]], [401, "unauthorized"]);
    assert.equal(again.headers["set-cookie"], undefined);
  });

  it("refuses a code after ten minutes, and one whose token was revoked", async () => {
    const late = await newCode();
    rig.clock.time += 600_000;
    assert.equal(
      (await send(rig, "POST", "/api/v1/session", { body: { code: late } })).status,
      401,
    );
    const { token, id } = await newToken(rig, "operator");
    const made = await rig.admin.inject({
      method: "POST",
      url: "/api/v1/sign-in-codes",
      headers: { authorization: `Bearer ${token}` },
    });
    await rig.call("DELETE", `tokens/${id}`);
    const { code } = made.json();
    assert.equal((await send(rig, "POST", "/api/v1/session", { body: { code } })).status, 401);
  });

  it("refuses a wrong token, and a body with both or neither", async () => {
    for (const [body, status] of [
      [{ token: `${ADMIN_TOKEN}x` }, 401],
      [{ code: "A".repeat(32) }, 401],
      [{ token: ADMIN_TOKEN, code: "A".repeat(32) }, 400],
      [{}, 400],
    ] as const) {
      assert.equal((await send(rig, "POST", "/api/v1/session", { body })).status, status);
    }
  });

  it("gives no code to a session", async () => {
    const { cookie, csrfToken } = await signIn(rig);
    const headers = { cookie, "x-csrf-token": csrfToken };
    const answer = await send(rig, "POST", "/api/v1/sign-in-codes", { headers });
    assert.deepEqual([answer.status, answer.body["title"]], [403, "forbidden"]);
  });

  it("refuses a sign-in that a page of another site sends", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    const body = { token: ADMIN_TOKEN };
    const answer = await send(rig, "POST", "/api/v1/session", { headers, body });
    assert.deepEqual([answer.status, answer.body["title"]], [403, "cross-site-request"]);
  });

  it("leaves no token, code, cookie or CSRF token in the log", async () => {
    const code = await newCode();
    const { cookie, csrfToken } = await signIn(rig, { code });
    await send(rig, "POST", "/api/v1/session", { body: { code } });
    await send(rig, "DELETE", "/api/v1/session", { headers: { cookie } });
    await send(rig, "DELETE", "/api/v1/session", {
      headers: { cookie, "x-csrf-token": csrfToken },
    });
    const log = rig.log.lines.join("");
    for (const event of ["sign-in-code-drawn", "signed-in", "signed-out", "unauthorized"]) {
      assert.ok(log.includes(`"event":"${event}"`), event);
    }
    for (const secret of [code, csrfToken, cookie.replace("warren-session=", ""), ADMIN_TOKEN]) {
      assert.ok(!log.includes(secret));
    }
  });
});

describe("a session", () => {
  const rig = useJoinServer();
  let session: SignedIn;
  const put = (headers: Record<string, string>) =>
    send(rig, "PUT", "/api/v1/join-eui-ranges/70b3d57ed0000000/40", { headers });

  before(async () => {
    session = await signIn(rig);
  });

  it("changes something only with its CSRF token", async () => {
    const { cookie, csrfToken } = session;
    const other = await signIn(rig);
    const wrongs = [{}, { "x-csrf-token": "" }, { "x-csrf-token": other.csrfToken }];
    for (const wrong of wrongs) {
      const answer = await put({ cookie, ...wrong });
      assert.deepEqual([answer.status, answer.body["title"]], [403, "csrf-token-missing"]);
    }
    assert.deepEqual((await rig.call("GET", "join-eui-ranges")).body["joinEuiRanges"], []);
    assert.equal((await put({ cookie, "x-csrf-token": csrfToken })).status, 201);
    assert.equal((await newestAudit(rig, 1))[0]?.["actor"], "file-token");
  });

  it("does nothing for the page of another address, be it on the same machine", async () => {
    const { cookie, csrfToken } = session;
    for (const site of ["cross-site", "same-site"]) {
      const headers = { cookie, "x-csrf-token": csrfToken, "sec-fetch-site": site };
      const answer = await send(rig, "GET", "/api/v1/devices", { headers });
      assert.deepEqual([answer.status, answer.body["title"]], [403, "cross-site-request"]);
    }
    const headers = { cookie, "sec-fetch-site": "same-origin" };
    assert.equal((await send(rig, "GET", "/api/v1/devices", { headers })).status, 200);
  });

  it("has only the rights of its token", async () => {
    const { token } = await newToken(rig, "operator");
    const { cookie, csrfToken } = await signIn(rig, { token });
    const headers = { cookie, "x-csrf-token": csrfToken };
    const answer = await send(rig, "GET", "/api/v1/tokens", { headers });
    assert.deepEqual([answer.status, answer.body["title"]], [403, "forbidden"]);
  });

  it("is not asked for by a request with an API token, whose cookie says nothing", async () => {
    const wrong = { cookie: session.cookie, authorization: "Bearer wrong" };
    assert.equal((await send(rig, "GET", "/api/v1/whoami", { headers: wrong })).status, 401);
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "sec-fetch-site": "cross-site" };
    assert.equal((await put(headers)).status, 200);
  });

  it("ends with a sign-out, for this browser alone", async () => {
    const { cookie, csrfToken } = session;
    const other = await signIn(rig);
    const headers = { cookie, "x-csrf-token": csrfToken };
    const answer = await send(rig, "DELETE", "/api/v1/session", { headers });
    assert.equal(answer.status, 204);
    assert.match(
      String(answer.headers["set-cookie"]),
      /^warren-session=; .*Expires=Thu, 01 Jan 1970/,
    );
    assert.equal(await sessionStatus(rig, session), 401);
    assert.equal(await sessionStatus(rig, other), 200);
  });

  it("ends with its token, at once when that is revoked here", async () => {
    const { token, id } = await newToken(rig, "operator");
    const revoked = await signIn(rig, { token });
    assert.equal(await sessionStatus(rig, revoked), 200);
    await rig.call("DELETE", `tokens/${id}`);
    assert.equal(await sessionStatus(rig, revoked), 401);
    const expiresAt = new Date(rig.clock.time + 90_500).toISOString();
    const short = await newToken(rig, "operator", { expiresAt });
    const expiring = await signIn(rig, { token: short["token"] });
    assert.match(expiring.setCookie, /; Max-Age=90; /);
    assert.equal(expiring.body["expiresAt"], expiresAt);
    rig.clock.time += 90_500;
    assert.equal(await sessionStatus(rig, expiring), 401);
  });

  it("ends after two idle hours, and after twelve in any case", async () => {
    const idle = await signIn(rig);
    const used = await signIn(rig);
    for (let hours = 1; hours < 12; hours++) {
      rig.clock.time += HOUR_MS;
      assert.equal(await sessionStatus(rig, used), 200, `${hours} h`);
    }
    assert.equal(await sessionStatus(rig, idle), 401);
    rig.clock.time += HOUR_MS;
    assert.equal(await sessionStatus(rig, used), 401);
  });

  it("goes when the same token signs in 50 times more, and no other with it", async () => {
    const { token } = await newToken(rig, "auditor");
    const mine = await signIn(rig);
    const first = await signIn(rig, { token });
    const second = await signIn(rig, { token });
    for (let count = 2; count < 50; count++) await signIn(rig, { token });
    assert.equal(await sessionStatus(rig, first), 200);
    await signIn(rig, { token });
    assert.equal(await sessionStatus(rig, second), 401);
    assert.equal(await sessionStatus(rig, first), 200);
    assert.equal(await sessionStatus(rig, mine), 200);
  });

  it("is gone after a restart", async () => {
    const before = await signIn(rig);
    rig.restart();
    assert.equal(await sessionStatus(rig, before), 401);
  });
});

describe("sign-ins that fail", () => {
  it("count as other requests without a valid token, and hold up nobody who has one", async () => {
    const rig = new JoinServerRig({ failuresPerMinute: 3 });
    const wrong = { body: { token: "x" } };
    for (let count = 0; count < 2; count++) {
      assert.equal((await send(rig, "POST", "/api/v1/session", wrong)).status, 401);
    }
    const cookie = `warren-session=${"A".repeat(43)}`;
    assert.equal((await send(rig, "GET", "/api/v1/session", { headers: { cookie } })).status, 401);
    const refused = await send(rig, "POST", "/api/v1/session", wrong);
    assert.deepEqual([refused.status, refused.body["title"]], [429, "too-many-failures"]);
    assert.ok(Number(refused.headers["retry-after"]) > 0);
    assert.match((await signIn(rig)).cookie, /^warren-session=/);
  });
});

describe("the event stream of a session", () => {
  const rig = useJoinServer();
  let url: string;
  before(async () => {
    url = await rig.admin.listen({ host: "127.0.0.1", port: 0 });
  });
  after(() => rig.admin.close());

  async function open({ cookie }: SignedIn): Promise<Response> {
    const response = await fetch(`${url}/api/v1/events`, {
      headers: { cookie },
      signal: AbortSignal.timeout(60_000),
    });
    assert.equal(response.status, 200);
    return response;
  }

  it("ends when its token is revoked", async () => {
    const { token, id } = await newToken(rig, "auditor");
    const stream = await open(await signIn(rig, { token }));
    await rig.call("DELETE", `tokens/${id}`);
    assert.doesNotMatch(await stream.text(), /event:/);
  });

  it("ends with a sign-out, and with the session when nobody uses it otherwise", async () => {
    const session = await signIn(rig);
    const [ending, idle] = [await open(session), await open(await signIn(rig))];
    const headers = { cookie: session.cookie, "x-csrf-token": session.csrfToken };
    assert.equal((await send(rig, "DELETE", "/api/v1/session", { headers })).status, 204);
    await ending.text();
    rig.clock.time += 2 * HOUR_MS;
    await idle.text();
  });
});
