import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { RIGHTS, RIGHTS_OF_ROLE } from "../../../../src/join-server/access/rights.ts";
import { ROLES } from "../../../../src/join-server/ports/token-store.ts";
import { ADMIN_TOKEN, JoinServerRig, useJoinServer } from "../../../support/join-server-rig.ts";
import { callAs, newToken } from "./support.ts";

const rig = useJoinServer();

const ALL = ["administrator", "operator", "key-officer", "auditor"];
const DEVICE_READERS = ALL;
const OPERATORS = ["administrator", "operator"];
const PEER_READERS = ["administrator", "operator", "auditor"];
const AUDITORS = ["administrator", "auditor"];
const ADMINISTRATORS = ["administrator"];
const KEY_OFFICERS = ["administrator", "key-officer"];

/** Who may what, said once more and apart from the program. */
const MATRIX: Record<string, readonly string[]> = {
  "GET /devices": DEVICE_READERS,
  "GET /device-summaries": DEVICE_READERS,
  "GET /devices/:devEui": DEVICE_READERS,
  "PUT /devices/:devEui": OPERATORS,
  "PATCH /devices/:devEui": OPERATORS,
  "DELETE /devices/:devEui": OPERATORS,
  "POST /devices/batch": OPERATORS,
  "POST /devices/batch-delete": OPERATORS,
  "PUT /devices/:devEui/root-keys": OPERATORS,
  "POST /devices/:devEui/nonce-reset": OPERATORS,
  "POST /devices/:devEui/root-key-update": OPERATORS,
  "DELETE /devices/:devEui/root-key-update": OPERATORS,
  "GET /devices/:devEui/root-key-updates": DEVICE_READERS,
  "POST /devices/:devEui/key-export": KEY_OFFICERS,
  "POST /campaigns": OPERATORS,
  "POST /campaigns/preview": DEVICE_READERS,
  "GET /campaigns": DEVICE_READERS,
  "GET /campaigns/:campaignId": DEVICE_READERS,
  "GET /campaigns/:campaignId/devices": DEVICE_READERS,
  "POST /campaigns/:campaignId/pause": OPERATORS,
  "POST /campaigns/:campaignId/resume": OPERATORS,
  "POST /campaigns/:campaignId/abort": OPERATORS,
  "DELETE /campaigns/:campaignId": OPERATORS,
  "GET /devices/:devEui/update-policy": DEVICE_READERS,
  "POST /devices/:devEui/security-events": OPERATORS,
  "GET /update-policy": DEVICE_READERS,
  "PUT /update-policy": OPERATORS,
  "POST /update-policy/cost": DEVICE_READERS,
  "GET /device-profiles": DEVICE_READERS,
  "GET /device-profiles/:name": DEVICE_READERS,
  "PUT /device-profiles/:name": OPERATORS,
  "DELETE /device-profiles/:name": OPERATORS,
  "GET /network-servers": PEER_READERS,
  "GET /network-servers/:netId": PEER_READERS,
  "PUT /network-servers/:netId": ADMINISTRATORS,
  "PATCH /network-servers/:netId": ADMINISTRATORS,
  "DELETE /network-servers/:netId": ADMINISTRATORS,
  "GET /application-servers": PEER_READERS,
  "GET /application-servers/:asId": PEER_READERS,
  "PUT /application-servers/:asId": ADMINISTRATORS,
  "PATCH /application-servers/:asId": ADMINISTRATORS,
  "DELETE /application-servers/:asId": ADMINISTRATORS,
  "GET /join-eui-ranges": PEER_READERS,
  "PUT /join-eui-ranges/:first/:bits": ADMINISTRATORS,
  "DELETE /join-eui-ranges/:first/:bits": ADMINISTRATORS,
  "GET /whoami": ALL,
  "GET /session": ALL,
  "DELETE /session": ALL,
  "POST /sign-in-codes": ALL,
  "GET /tokens": AUDITORS,
  "GET /tokens/:tokenId": AUDITORS,
  "POST /tokens": ADMINISTRATORS,
  "DELETE /tokens/:tokenId": ADMINISTRATORS,
  "GET /overview": DEVICE_READERS,
  "GET /activity": ALL,
  "GET /devices/:devEui/activity": DEVICE_READERS,
  "GET /evaluation-report": ALL,
  "GET /settings": AUDITORS,
  "GET /audit": AUDITORS,
  "GET /reports/audit-chain": AUDITORS,
  "POST /reports/audit-chain": AUDITORS,
  "GET /vault": AUDITORS,
  "GET /reports/weak-keys": ALL,
  "POST /reports/weak-keys": ALL,
  "GET /reports/stuck-devices": ALL,
  "GET /events": PEER_READERS,
  "GET /import-key": ALL,
  "POST /imports": OPERATORS,
  "GET /exports": DEVICE_READERS,
  "POST /exports": KEY_OFFICERS,
};
const PUBLIC = ["GET /openapi.json", "POST /session"];

const PARAMS: Record<string, string> = {
  devEui: "ffffffffffffffff",
  netId: "ffffff",
  asId: "nobody",
  name: "nobody",
  tokenId: "ffffffffffffffff",
  campaignId: "ffffffffffffffff",
  first: "ffffffffffffffff",
  bits: "64",
};

/** Every route of an app, as `GET /api/v1/devices/:devEui`, from the tree that the router prints. */
function printedRoutes(rigOfRoutes: JoinServerRig): string[] {
  const parents: string[] = [];
  return rigOfRoutes.admin
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [, indent = "", part = "", methods] =
        /^([│ ]*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
      const depth = indent.length / 4;
      parents.length = depth;
      const url = `${parents.join("")}${part}`;
      parents.push(part);
      return (methods?.split(", ") ?? []).map((method) => `${method} ${url}`);
    });
}

function isOfApi(route: string): boolean {
  return route.includes(" /api/v1");
}

/** Never a body and a query that nobody takes: what is allowed is refused for its form at most. */
function callOf(route: string): [method: string, path: string] {
  const [method = "", url = ""] = route.split(" ");
  const path = url.slice(1).replace(/:(\w+)/g, (_, name: string) => PARAMS[name] as string);
  return [method, path === "events" ? "events?kinds=nonsense" : path];
}

describe("the authorisation matrix", () => {
  const tokens = new Map<string, string>();
  let revoked = "";
  let expired = "";

  before(async () => {
    for (const role of ROLES) tokens.set(role, (await newToken(rig, role))["token"] as string);
    const toRevoke = await newToken(rig, "administrator");
    revoked = toRevoke["token"] as string;
    assert.equal((await callAs(rig, revoked, "GET", "whoami")).status, 200);
    assert.equal((await rig.call("DELETE", `tokens/${toRevoke["id"]}`)).status, 204);
    const expiresAt = new Date(rig.clock.time + 60_000).toISOString();
    expired = (await newToken(rig, "administrator", { expiresAt }))["token"] as string;
    assert.equal((await callAs(rig, expired, "GET", "whoami")).status, 200);
    rig.clock.time += 60_001;
  });

  it("has every route of the app and no other", async () => {
    await rig.admin.ready();
    const routes = printedRoutes(rig)
      .filter((route) => isOfApi(route) && !route.startsWith("HEAD "))
      .map((route) => route.replace("/api/v1", ""));
    assert.deepEqual(routes.toSorted(), [...Object.keys(MATRIX), ...PUBLIC].toSorted());
  });

  for (const [route, allowed] of Object.entries(MATRIX)) {
    const [method, path] = callOf(route);
    const methods = method === "GET" ? ["GET", "HEAD"] : [method];

    it(`lets through to ${route}: ${allowed.join(", ")}`, async () => {
      for (const verb of methods) {
        for (const role of ROLES) {
          const answer = await callAs(rig, tokens.get(role), verb, path);
          const expected = allowed.includes(role);
          assert.equal(answer.status === 403, !expected, `${verb} as ${role}: ${answer.status}`);
          assert.notEqual(answer.status, 401, `${verb} as ${role}`);
          assert.ok(answer.status < 500, JSON.stringify(answer.body));
          if (verb !== "HEAD" && !expected) assert.equal(answer.body["title"], "forbidden");
        }
        const fileToken = await callAs(rig, ADMIN_TOKEN, verb, path);
        assert.ok(![401, 403].includes(fileToken.status), `${verb} with the token of the folder`);
      }
    });

    it(`lets nobody through to ${route} with a revoked, an expired, a wrong or no token`, async () => {
      const wrong = `warren_0123456789abcdef_${"A".repeat(43)}`;
      for (const token of [undefined, revoked, expired, wrong, "x", `${ADMIN_TOKEN}x`]) {
        for (const verb of methods) {
          const answer = await callAs(rig, token, verb, path);
          assert.equal(answer.status, 401, `${verb} with ${token}`);
          assert.match(answer.headers["www-authenticate"] as string, /^Bearer/);
          if (verb !== "HEAD") assert.equal(answer.body["title"], "unauthorized");
        }
      }
    });
  }

  it("gives the document of the API to everybody", async () => {
    assert.equal((await callAs(rig, undefined, "GET", "openapi.json")).status, 200);
  });

  it("knows rights that some role lacks, and gives the administrator all", () => {
    assert.deepEqual(RIGHTS_OF_ROLE.administrator, RIGHTS);
    for (const role of ROLES.slice(1)) {
      assert.ok(RIGHTS_OF_ROLE[role].length < RIGHTS.length);
      assert.ok(!RIGHTS_OF_ROLE[role].includes("token:manage"));
    }
    assert.ok(!RIGHTS_OF_ROLE.operator.includes("key:export"));
    const changes = RIGHTS_OF_ROLE.auditor.filter((right) => !right.endsWith(":read"));
    assert.deepEqual(changes, []);
  });
});

describe("a route without a right", () => {
  it("cannot be registered", async () => {
    const server = new JoinServerRig({
      addRoutes: (scope) => scope.get("/forgotten", () => "secret"),
    });
    await assert.rejects(async () => server.admin.ready(), /does not say which right/);
  });
});
