import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseNetId } from "../../../../src/lorawan/identifiers.ts";
import { makeCertificate } from "../../../support/certificates.ts";
import { type Json, keyHex, useJoinServer } from "../../../support/join-server-rig.ts";
import { randomKey } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newestAudit } from "./support.ts";

const rig = useJoinServer();
const kek = keyHex(randomKey());
const ca = await makeCertificate({ name: "ca of a peer", isCa: true });

function settingsOf({ ca: pem, sha256 }: { ca: string; sha256: string }): Json {
  return {
    kek,
    kekLabel: "label",
    isAllowed: false,
    authentication: {
      kind: "mutual-tls",
      ca: pem,
      certificateSha256: [(sha256.toUpperCase().match(/../g) ?? []).join(":")],
      names: ["ns.example.com"],
    },
    rateLimit: { perSecond: 10.5, burst: 20 },
    answers: "async",
    route: {
      url: "https://ns.example.com/back",
      ca: pem,
      authorization: "Basic c2VjcmV0LW9mLWEtcm91dGU=",
      protocolVersion: "1.1",
      senderNsId: "70B3D57ED0000001",
    },
  };
}

describe("peers with everything that can be said of them", () => {
  it("are shown with what is not secret, and kept with all of it", async () => {
    const wanted = settingsOf({ ca: ca.cert, sha256: ca.sha256 });
    const answer = await rig.call("PUT", "network-servers/0000c0", {
      ...wanted,
      relaysRootKeyUpdates: true,
    });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const certificate = {
      subject: "CN=ca of a peer",
      validTo: ca.x509.notAfter.toISOString(),
      sha256: ca.sha256,
    };
    const { kekFingerprint, ...shown } = answer.body;
    assert.match(kekFingerprint as string, /^[0-9a-f]{8}$/);
    assert.deepEqual(shown, {
      netId: "0000c0",
      isAllowed: false,
      authentication: {
        kind: "mutual-tls",
        ca: [certificate],
        certificateSha256: [ca.sha256],
        names: ["ns.example.com"],
      },
      rateLimit: { perSecond: 10.5, burst: 20 },
      answers: "async",
      route: {
        url: "https://ns.example.com/back",
        ca: [certificate],
        hasAuthorization: true,
        protocolVersion: "1.1",
        senderNsId: "70b3d57ed0000001",
      },
      kekLabel: "label",
      lastContactAt: null,
      lastContactAddress: null,
      relaysRootKeyUpdates: true,
    });
    assert.deepEqual((await rig.call("GET", "network-servers/0000C0")).body, answer.body);
    const stored = await rig.store.loadNetworkServer(parseNetId("0000c0"));
    assert.equal(stored?.route?.authorization, "Basic c2VjcmV0LW9mLWEtcm91dGU=");
    const [entry] = await newestAudit(rig, 1);
    assert.equal(entry?.["action"], "network-server.put");
    const all = JSON.stringify(entry);
    assert.ok(!all.includes("c2VjcmV0") && !all.includes(kek));
  });

  it("are Application Servers too", async () => {
    const wanted = settingsOf({ ca: ca.cert, sha256: ca.sha256 });
    const put = await rig.call("PUT", "application-servers/full", wanted);
    assert.equal(put.status, 201);
    assert.equal(put.body["appSKeyDelivery"], "both");
    assert.deepEqual((await rig.call("GET", "application-servers/full")).body, put.body);
  });

  it("relay root key updates on a port of their own, when the record says so", async () => {
    const path = "application-servers/relaying";
    const relayOf = ({ relaysRootKeyUpdates, rootKeyFPort }: Json) => [
      relaysRootKeyUpdates,
      rootKeyFPort,
    ];
    assert.deepEqual(relayOf(await rig.put(path, { kek })), [false, 199]);
    const wanted = { relaysRootKeyUpdates: true, rootKeyFPort: 223 };
    assert.deepEqual(relayOf((await rig.call("PATCH", path, wanted)).body), [true, 223]);
    const other = await rig.call("PATCH", path, { appSKeyDelivery: "envelope" });
    assert.deepEqual(relayOf(other.body), [true, 223], "what is left out stays");
    for (const rootKeyFPort of [0, 224, 1.5, "199"]) {
      assertProblem(await rig.call("PATCH", path, { rootKeyFPort }), 400, "request-malformed");
    }
    const stored = await rig.store.loadApplicationServer("relaying");
    assert.deepEqual([stored?.relaysRootKeyUpdates, stored?.rootKeyFPort], [true, 223]);
  });

  it("keep a bearer token as a hash", async () => {
    const token = "a-token-of-a-network-server";
    await rig.put("network-servers/0000c1", { kek, authentication: { kind: "bearer", token } });
    const stored = await rig.store.loadNetworkServer(parseNetId("0000c1"));
    assert.deepEqual(stored?.authentication, {
      kind: "bearer",
      // `printf a-token-of-a-network-server | sha256sum`
      tokenHash: "7b426b0c7390cffdb3a2520d1659a64262ea8eb37a218723c1f50c4bfeaf762c",
    });
    assert.ok(!rig.dump().includes(token));
    const { body } = await rig.call("GET", "network-servers/0000c1");
    assert.deepEqual(body["authentication"], { kind: "bearer" });
  });
});

describe("PATCH of a peer", () => {
  it("changes what is given; secrets that are left out stay", async () => {
    const route = { url: "https://ns.example.com", authorization: "Bearer of-the-route" };
    await rig.put("network-servers/0000c2", { kek, kekLabel: "k", route });
    const before = await rig.store.loadNetworkServer(parseNetId("0000c2"));
    const { status, body } = await rig.call("PATCH", "network-servers/0000c2", {
      isAllowed: false,
      rateLimit: { perSecond: 1, burst: 1 },
    });
    assert.deepEqual([status, body["isAllowed"], body["kekLabel"]], [200, false, "k"]);
    const after = await rig.store.loadNetworkServer(parseNetId("0000c2"));
    assert.deepEqual(after?.route, before?.route);
    assert.ok(after?.kek.kek.equals(before?.kek.kek as never));
    const [entry] = await newestAudit(rig, 1);
    assert.deepEqual((entry as Json)["details"], {
      authentication: "loopback",
      changed: ["isAllowed", "rateLimit"],
      isAllowed: false,
      kekFingerprint: body["kekFingerprint"],
      kekLabel: "k",
    });
    const cleared = await rig.call("PATCH", "network-servers/0000c2", {
      route: null,
      rateLimit: null,
    });
    assert.deepEqual([cleared.body["route"], cleared.body["rateLimit"]], [null, null]);
    assertProblem(
      await rig.call("PATCH", "network-servers/0000c2", { answers: "async" }),
      400,
      "value-out-of-range",
    );
    await rig.put("application-servers/patched", { kek });
    const patched = await rig.call("PATCH", "application-servers/patched", {
      appSKeyDelivery: "envelope",
    });
    assert.equal(patched.body["appSKeyDelivery"], "envelope");
  });

  it("does not make one", async () => {
    for (const path of ["network-servers/0000c9", "application-servers/nobody"]) {
      assertProblem(await rig.call("PATCH", path, {}), 404, "resource-unknown");
      assertProblem(await rig.call("GET", path), 404, "resource-unknown");
      assertProblem(await rig.call("DELETE", path), 404, "resource-unknown");
    }
  });
});

describe("lists of peers", () => {
  it("have pages, and lose what is deleted", async () => {
    for (const name of ["a", "b", "c"]) await rig.put(`application-servers/page-${name}`, { kek });
    const seen: unknown[] = [];
    for (let after: unknown = ""; after !== null; ) {
      const query = after === "" ? "" : `&after=${after}`;
      const { body } = await rig.call("GET", `application-servers?limit=2${query}`);
      seen.push(...(body["applicationServers"] as Json[]).map(({ asId }) => asId));
      after = body["next"];
    }
    assert.deepEqual(seen, seen.toSorted());
    assert.ok(["page-a", "page-b", "page-c", "example-as"].every((name) => seen.includes(name)));
    assert.equal((await rig.call("DELETE", "application-servers/page-b")).status, 204);
    const { body } = await rig.call("GET", "application-servers?after=page-b");
    assert.equal((body["applicationServers"] as Json[])[0]?.["asId"], "page-c");
    await rig.put("network-servers/0000d0", { kek });
    assert.equal((await rig.call("DELETE", "network-servers/0000d0")).status, 204);
    const { networkServers } = (await rig.call("GET", "network-servers")).body;
    assert.ok(!(networkServers as Json[]).some(({ netId }) => netId === "0000d0"));
    assertNoDefects(rig);
  });
});

describe("settings of peers that cannot be", () => {
  it("are refused, and nothing is changed or repeated", async () => {
    const before = rig.dump();
    const malformed: Json[] = [
      { authentication: { kind: "bearer" } },
      { authentication: { kind: "bearer", token: "short" } },
      { authentication: { kind: "mutual-tls", certificateSha256: ["00"] } },
      { authentication: { kind: "mutual-tls", ca: "no certificate" } },
      { authentication: { kind: "mutual-tls", ca: ca.cert.replace(/[A-Z]{4}/, "!!!!") } },
      { authentication: { kind: "password" } },
      { route: { url: "https://user:password-in-url@example.com" } },
      { url: "https://user:password-in-url@example.com" },
      { url: "https://a.example", route: { url: "https://b.example" } },
      { route: { url: "https://example.com", ca: "-----BEGIN CERTIFICATE-----\nAA" } },
      { route: { url: "https://example.com", protocolVersion: "1.2" } },
      { route: { url: "https://example.com", authorization: "a\r\nb: c" } },
      { rateLimit: { perSecond: 0, burst: 1 } },
      { rateLimit: { perSecond: 1 } },
      { answers: "perhaps" },
    ];
    for (const changes of malformed) {
      const answer = await rig.call("PUT", "network-servers/0000e0", { kek, ...changes });
      assertProblem(answer, 400, "request-malformed");
      assert.ok(!JSON.stringify(answer.body).includes("password-in-url"));
    }
    for (const changes of [
      { answers: "async" },
      { authentication: { kind: "mutual-tls" } },
      { route: { url: "https://example.com", protocolVersion: "1.1" } },
    ]) {
      const answer = await rig.call("PUT", "network-servers/0000e0", { kek, ...changes });
      assertProblem(answer, 400, "value-out-of-range");
    }
    assert.equal(rig.dump(), before);
    assert.ok(!rig.log.lines.some((line) => line.includes("password-in-url")));
  });
});

describe("JoinEUI ranges", () => {
  it("are added, listed and erased", async () => {
    const path = "join-eui-ranges/70B3D57ED0001234/40";
    const range = { first: "70b3d57ed0000000", prefixLengthBits: 40 };
    assert.deepEqual(await rig.call("PUT", path).then(({ status, body }) => [status, body]), [
      201,
      range,
    ]);
    const before = rig.dump();
    assert.equal((await rig.call("PUT", path)).status, 200);
    assert.equal(rig.dump(), before);
    const { body } = await rig.call("GET", "join-eui-ranges");
    assert.deepEqual(body, { joinEuiRanges: [range], next: null });
    assert.equal((await rig.call("DELETE", path)).status, 204);
    assertProblem(await rig.call("DELETE", path), 404, "resource-unknown");
    for (const wrong of ["70b3d57ed0000000/65", "70b3d57ed000000/40", "70b3d57ed0000000/x"]) {
      assertProblem(await rig.call("PUT", `join-eui-ranges/${wrong}`), 400, "request-malformed");
    }
    const [entry] = await newestAudit(rig, 1);
    assert.deepEqual(
      [entry?.["action"], entry?.["subject"]],
      ["join-eui-range.delete", "70b3d57ed0000000/40"],
    );
  });
});
