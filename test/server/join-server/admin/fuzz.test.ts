import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { exportJWK, generateKeyPair } from "jose";
import {
  ADMIN_TOKEN,
  type Json,
  keyHex,
  registrationOf,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects } from "./support.ts";

const rig = useJoinServer();
const device = new TestDevice("1.1.0");
const other = new TestDevice("1.0.3");
const kek = "9f".repeat(16);
const publicJwk = await exportJWK(
  (await generateKeyPair("ECDH-ES", { extractable: true })).publicKey,
);

interface Call {
  readonly method: "PUT" | "PATCH" | "POST";
  readonly path: string;
  /** One that is accepted. */
  readonly body: Json;
}

const CALLS: readonly Call[] = [
  { method: "PUT", path: `devices/${device.devEui}`, body: registrationOf(device) },
  {
    method: "PATCH",
    path: `devices/${device.devEui}`,
    body: {
      name: "n",
      description: "d",
      tags: { a: "b" },
      updatePolicy: { minimumPeriodMs: 5 },
      suite: "rabbit",
    },
  },
  {
    method: "POST",
    path: "devices/batch",
    body: {
      devices: [
        {
          devEui: other.devEui,
          ...registrationOf(other),
          nonces: { joinNonce: 1, usedDevNonces: [1] },
        },
      ],
      isDryRun: true,
    },
  },
  { method: "POST", path: "devices/batch-delete", body: { devEuis: ["fefefefefefefefe"] } },
  {
    method: "PUT",
    path: `devices/${device.devEui}/root-keys`,
    body: { nwkKey: keyHex(device.currentKeys.nwkKey), appKey: keyHex(device.currentKeys.appKey) },
  },
  {
    method: "POST",
    path: `devices/${device.devEui}/nonce-reset`,
    body: { reason: "r", force: false },
  },
  { method: "POST", path: `devices/${device.devEui}/key-export`, body: { kek, kekLabel: "k" } },
  { method: "POST", path: `devices/${device.devEui}/root-key-update`, body: { suite: "rabbit" } },
  {
    method: "PUT",
    path: "network-servers/0000f0",
    body: {
      kek,
      authentication: { kind: "mutual-tls", names: ["a"], certificateSha256: ["00".repeat(32)] },
      rateLimit: { perSecond: 1, burst: 1 },
      answers: "sync",
      route: { url: "https://a.example", protocolVersion: "1.0", authorization: "x" },
    },
  },
  {
    method: "PATCH",
    path: "application-servers/example-as",
    body: { appSKeyDelivery: "both", isAllowed: true },
  },
  { method: "POST", path: "tokens", body: { name: "t", role: "auditor" } },
  {
    method: "POST",
    path: "exports",
    body: { format: "warren", text: "n", kek: { label: "k", key: kek } },
  },
  { method: "POST", path: "exports", body: { joinEui: device.joinEui, jwk: publicJwk as Json } },
];

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e300, 0.5, "", "\u0000", "\ud800", "zz", [], {}, [[]]),
  fc.constantFrom<unknown>(
    "0".repeat(32),
    "f".repeat(16),
    "1.1.0",
    "9".repeat(400),
    2 ** 53,
    65_536,
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The body with one value, however deep, in place of another, or one member more or less. */
function mutated(body: Json): fc.Arbitrary<unknown> {
  const paths = pathsOf(body);
  return fc
    .tuple(fc.constantFrom(...paths), odd, fc.constantFrom("replace", "remove", "add"))
    .map(([path, value, how]) => mutate(body, path, value, how));
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([name, one]) => pathsOf(one, [...path, name]));
  return path.length === 0 ? inner : [[...path], ...inner];
}

function mutate(body: Json, path: readonly string[], value: unknown, how: string): Json {
  const copy = structuredClone(body);
  let holder = copy;
  for (const name of path.slice(0, -1)) holder = holder[name] as Json;
  const name = path.at(-1) as string;
  if (how === "replace") holder[name] = value;
  else if (how === "remove") delete holder[name];
  else holder[typeof value === "string" && value !== "" ? value : "more"] = value;
  return copy;
}

/** Sends one request; a refusal must change no row, and nothing may be our fault. */
async function send(method: string, path: string, payload: string): Promise<number> {
  const rowsBefore = rig.dump();
  const response = await rig.admin.inject({
    method: method as "GET",
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    payload,
  });
  assert.ok(response.statusCode < 500, `${method} ${path} ${payload}: ${response.body}`);
  if (response.statusCode >= 400) {
    assert.match(response.headers["content-type"] as string, /^application\/problem\+json/);
    assert.equal(rig.dump(), rowsBefore, `${method} ${path} ${payload}`);
  }
  return response.statusCode;
}

describe("the administration API", () => {
  before(() => rig.register(device));

  it("takes every body that the rest of these tests spoils", async () => {
    for (const { method, path, body } of CALLS) {
      const status = await send(method, path, JSON.stringify(body));
      const isResetRefused = path.endsWith("nonce-reset") && status === 409;
      assert.ok(status < 300 || isResetRefused, `${method} ${path}: ${status}`);
    }
    await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
  });

  it("refuses spoilt bodies for their form, and changes nothing then", async () => {
    const spoilt = fc
      .constantFrom(...CALLS)
      .chain((call) => mutated(call.body).map((body) => ({ ...call, body })));
    await fc.assert(
      fc.asyncProperty(spoilt, async ({ method, path, body }) => {
        await send(method, path, JSON.stringify(body));
      }),
      { numRuns: 400 },
    );
    assertNoDefects(rig);
  });

  it("refuses random octets, JSON, paths and queries", async () => {
    const paths = fc.oneof(
      fc.constantFrom(...CALLS.map(({ path }) => path)),
      fc
        .tuple(
          fc.constantFrom("devices", "network-servers", "tokens", "join-eui-ranges", "audit"),
          fc.string({ maxLength: 20 }).map(encodeURIComponent),
        )
        .map((parts) => parts.join("/")),
      fc
        .tuple(
          fc.constantFrom("devices", "audit", "tokens", "application-servers", "reports/weak-keys"),
          fc.constantFrom("limit", "after", "text", "generation", "isDisabled", "devEuiPrefix"),
          fc.oneof(
            fc.string(),
            fc.constantFrom("-1", "1e9", "9".repeat(30), "\u0000", "%", "null"),
          ),
        )
        .map(([path, name, value]) => `${path}?${new URLSearchParams([[name, value]])}`),
      fc.constantFrom("devices?limit=%ff", "devices/%ff", "devices?text=%00", "exports?format=%00"),
    );
    const bodies = fc.oneof(fc.json(), fc.string(), fc.constantFrom("", "{}", "[]", "{", '"x"'));
    const methods = fc.constantFrom("PUT", "PATCH", "POST", "GET", "DELETE");
    await fc.assert(
      fc.asyncProperty(methods, paths, bodies, async (method, path, body) => {
        // Those that would do what they are asked to.
        fc.pre(method !== "DELETE" || !path.startsWith("devices/0"));
        await send(method, path, method === "GET" ? "" : body);
      }),
      { numRuns: 400 },
    );
    assertNoDefects(rig);
  });

  it("imports no spoilt text, and changes nothing when it says so", async () => {
    // The server makes its import key when it first needs it.
    assert.equal((await rig.call("GET", "import-key")).status, 200);
    const lines = fc
      .tuple(mutated({ devEui: "fefefefefefefefe", ...registrationOf(other) }), fc.string())
      .map(([record, more]) => `${JSON.stringify(record)}\n${more}`);
    const formats = fc.constantFrom("warren", "tts-csv", "tts-json", "chirpstack", "jwe", "none");
    await fc.assert(
      fc.asyncProperty(lines, formats, async (payload, format) => {
        const rowsBefore = rig.dump();
        const response = await rig.admin.inject({
          method: "POST",
          url: `/api/v1/imports?format=${format}`,
          headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "text/plain" },
          payload,
        });
        assert.ok(response.statusCode < 500, `${format} ${payload}: ${response.body}`);
        const isWritten = response.statusCode === 200 && response.json()["isWritten"];
        if (!isWritten) assert.equal(rig.dump(), rowsBefore, payload);
      }),
      { numRuns: 200 },
    );
    assertNoDefects(rig);
  });

  it("refuses members that would reach into the prototypes of objects", async () => {
    for (const { method, path } of CALLS) {
      for (const text of ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{}}}']) {
        assert.equal(await send(method, path, text), 400, `${method} ${path}`);
      }
    }
  });

  it("refuses bodies that are too large, and others than JSON", async () => {
    const huge = JSON.stringify({ ...registrationOf(device), name: "x".repeat(70_000) });
    assert.equal(await send("PUT", `devices/${device.devEui}`, huge), 413);
    const rowsBefore = rig.dump();
    const response = await rig.admin.inject({
      method: "PUT",
      url: `/api/v1/devices/${other.devEui}`,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/xml" },
      payload: "<x/>",
    });
    assert.equal(response.statusCode, 415);
    assert.equal(rig.dump(), rowsBefore);
  });

  it("has shown no key and no token all the while", () => {
    const text = rig.log.lines.join("\n");
    for (const secret of [kek, keyHex(device.currentKeys.nwkKey)]) {
      assert.ok(!text.includes(secret));
    }
    assert.doesNotMatch(text, /warren_[0-9a-f]{16}_/);
  });
});
