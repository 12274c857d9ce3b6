import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { defaults } from "../../../web/src/api/generated/warren-api.ts";
import { checkForm } from "../../../web/src/pages/peers/form/check-form.ts";
import {
  authenticationOf,
  emptyForm,
  formOf,
  type PeerForm,
  routeOf,
} from "../../../web/src/pages/peers/form/peer-form.ts";
import { addPeer, changePeer } from "../../../web/src/pages/peers/form/save-peer.ts";
import type { Peer } from "../../../web/src/pages/peers/peer-queries.ts";

const KEK = "000102030405060708090a0b0c0d0e0f";
const CA = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";

const peer: Peer = {
  kind: "application-server",
  id: "example-as",
  asId: "example-as",
  isAllowed: true,
  authentication: {
    kind: "mutual-tls",
    ca: [{ subject: "CN=CA", validTo: "2030-01-01T00:00:00Z", sha256: "00" }],
    certificateSha256: [],
    names: ["as.example.com"],
  },
  rateLimit: { perSecond: 10, burst: 20 },
  answers: "sync",
  route: {
    url: "https://as.example.com/",
    ca: [],
    hasAuthorization: true,
    protocolVersion: "1.1",
    senderNsId: "0102030405060708",
  },
  kekLabel: "as:example",
  kekFingerprint: "01020304",
  lastContactAt: null,
  lastContactAddress: null,
  appSKeyDelivery: "both",
  relaysRootKeyUpdates: true,
  rootKeyFPort: 199,
};

let sent: { method: string | undefined; path: string; body: unknown }[] = [];
const fetchBefore = defaults.fetch;

before(() => {
  defaults.fetch = (input, init) => {
    const body = JSON.parse(String(init?.body));
    sent.push({ method: init?.method, path: String(input), body });
    return Promise.resolve(Response.json({}));
  };
});
after(() => {
  defaults.fetch = fetchBefore;
});

async function changedBy(change: Partial<PeerForm>): Promise<unknown> {
  sent = [];
  await changePeer(peer, { ...formOf(peer), ...change });
  return sent[0]?.body;
}

describe("a peer saved by the console", () => {
  it("is sent no more than what was changed, so that secrets stay", async () => {
    assert.deepEqual(await changedBy({}), {});
    assert.deepEqual(await changedBy({ perSecond: 5 }), { rateLimit: { perSecond: 5, burst: 20 } });
    assert.deepEqual(await changedBy({ hasRateLimit: false }), { rateLimit: null });
    assert.deepEqual(await changedBy({ kek: KEK }), { kek: KEK });
    assert.deepEqual(await changedBy({ rootKeyFPort: "200" }), { rootKeyFPort: 200 });
  });

  it("replaces authentication and route as a whole, with what the server shows of them", async () => {
    const authentication = { ...authenticationOf(peer), ca: `${CA}\n` };
    assert.deepEqual(await changedBy({ authentication }), {
      authentication: {
        kind: "mutual-tls",
        ca: CA,
        certificateSha256: [],
        names: ["as.example.com"],
      },
    });
    assert.deepEqual(await changedBy({ route: { ...routeOf(peer), authorization: "Bearer x" } }), {
      route: {
        url: "https://as.example.com/",
        protocolVersion: "1.1",
        senderNsId: "0102030405060708",
        authorization: "Bearer x",
      },
    });
    assert.deepEqual(await changedBy({ route: { ...routeOf(peer), isWanted: false } }), {
      route: null,
    });
  });

  it("has a token only for bearer, and nothing of an Application Server for a Network Server", async () => {
    const form = emptyForm();
    assert.ok(form.authentication !== undefined);
    sent = [];
    await addPeer("network-server", {
      ...form,
      id: "000013",
      kek: KEK,
      authentication: { ...form.authentication, token: "left from before", kind: "loopback" },
    });
    assert.deepEqual(sent, [
      {
        method: "PUT",
        path: "/api/v1/network-servers/000013",
        body: {
          kek: KEK,
          authentication: { kind: "loopback" },
          route: null,
          answers: "sync",
          rateLimit: null,
          relaysRootKeyUpdates: false,
        },
      },
    ]);
  });
});

describe("the form of a peer", () => {
  const problemsOf = (change: Partial<PeerForm>, isNew = false) =>
    Object.keys(checkForm({ ...formOf(peer), ...change }, peer.kind, isNew));

  it("has nothing against what is on record", () => {
    assert.deepEqual(problemsOf({}), []);
  });

  it("wants an id and a KEK of a new peer, and a way to know it", () => {
    const found = checkForm(emptyForm(), "network-server", true);
    assert.deepEqual(Object.keys(found).sort(), ["authenticationCa", "id", "kek"]);
    assert.deepEqual(problemsOf({ id: "00001a" }, true), ["id", "kek"]);
    assert.deepEqual(problemsOf({ id: "an as", kek: KEK }, true), ["id"]);
  });

  it("says which field is wrong", () => {
    const authentication = authenticationOf(peer);
    const route = routeOf(peer);
    assert.deepEqual(problemsOf({ kek: "00" }), ["kek"]);
    assert.deepEqual(problemsOf({ burst: "" }), ["burst"]);
    assert.deepEqual(problemsOf({ rootKeyFPort: 224 }), ["rootKeyFPort"]);
    assert.deepEqual(problemsOf({ authentication }), ["authenticationCa"]);
    assert.deepEqual(problemsOf({ authentication: { ...authentication, kind: "bearer" } }), [
      "token",
    ]);
    assert.deepEqual(
      problemsOf({ authentication: { ...authentication, certificateSha256: ["00"] } }),
      ["certificateSha256"],
    );
    assert.deepEqual(problemsOf({ route: { ...route, url: "as.example.com" } }), ["url"]);
    assert.deepEqual(problemsOf({ route: { ...route, senderNsId: "" } }), ["senderNsId"]);
    assert.deepEqual(problemsOf({ answers: "async", route: { ...route, isWanted: false } }), [
      "answers",
    ]);
  });
});
