import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RESULT_CODES } from "../../../src/backend/result-code.ts";
import {
  ADMIN_TOKEN,
  headerOf,
  type Json,
  joinMembers,
  registrationOf,
  useJoinServer,
} from "../../support/join-server-rig.ts";
import { TestDevice } from "../../support/test-device.ts";

const rig = useJoinServer();
const JSON_TYPE = { "content-type": "application/json" };
const REFUSED_WITHOUT_HEADER = [400, 413, 415];
const CODES_11 = ["NoAction", "FrameReplayed", "MalformedMessage"];

/** Answers in the protocol's terms, whatever came; returns the ResultCode, if there is one. */
async function post(payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) {
  const response = await rig.backend.inject({ method: "POST", url: "/", payload, headers });
  if (response.statusCode !== 200) {
    assert.ok(REFUSED_WITHOUT_HEADER.includes(response.statusCode), response.body);
    assert.equal(typeof response.json().title, "string");
    return undefined;
  }
  const answer = response.json();
  const code = answer.Result.ResultCode;
  assert.ok(RESULT_CODES.includes(code), response.body);
  if (answer.ProtocolVersion === "1.0") assert.ok(!CODES_11.includes(code), code);
  assert.notEqual(answer.Result.Description, "Internal error", payload.toString());
  return code as string;
}

function assertNoDefects(): void {
  const defects = rig.log.lines.filter((line) => line.includes('"defect"'));
  assert.deepEqual(defects, []);
}

async function joined(): Promise<TestDevice> {
  const device = new TestDevice("1.1.0");
  await rig.register(device);
  await rig.join(device);
  return device;
}

/** One request of every kind that would be accepted. */
function validRequests(device: TestDevice): Json[] {
  const { devEui: DevEUI } = device;
  return [
    { ...headerOf("JoinReq"), ...joinMembers(device, device.joinRequest(), {}) },
    { ...headerOf("RejoinReq"), ...joinMembers(device, device.rejoinRequest(0), {}) },
    { ...headerOf("RejoinReq"), ...joinMembers(device, device.rejoinRequest(1), {}) },
    { ...headerOf("AppSKeyReq"), SenderID: "example-as", DevEUI, SessionKeyID: "00" },
    { ...headerOf("HomeNSReq"), DevEUI },
    { ...headerOf("RootKeyUpdateReq"), DevEUI, Reason: "age" },
    { ...headerOf("RootKeyCommandReq"), DevEUI, MACCommand: "80010000" },
  ];
}

/** Members without which no request is accepted: to spoil one is to spoil the request. */
const NEEDED: Record<string, string[]> = {
  JoinReq: ["PHYPayload", "DevEUI", "DevAddr", "DLSettings", "RxDelay", "MACVersion"],
  RejoinReq: ["PHYPayload", "DevEUI", "DevAddr", "DLSettings", "RxDelay", "MACVersion"],
  AppSKeyReq: ["DevEUI", "SessionKeyID"],
  HomeNSReq: ["DevEUI"],
  RootKeyUpdateReq: ["DevEUI", "Reason"],
  RootKeyCommandReq: ["DevEUI", "MACCommand"],
};
const HEADER = ["ProtocolVersion", "SenderID", "ReceiverID", "TransactionID", "MessageType"];

const wrongValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e300,
    {},
    [],
    [[]],
    { a: 1 },
    "\u0000",
    "zz",
    "0x",
    "f",
  ),
  fc.jsonValue({ maxDepth: 2 }).filter((value) => typeof value !== "string" && value !== 0),
);

function damaged(payload: Buffer, at: number, how: string, octets: Uint8Array): Buffer {
  const index = at % (payload.length + 1);
  const [head, tail] = [payload.subarray(0, index), payload.subarray(index)];
  switch (how) {
    case "change":
      return Buffer.concat([head, octets, tail.subarray(octets.length)]);
    case "cut":
      return Buffer.concat([head, tail.subarray(octets.length)]);
    case "insert":
      return Buffer.concat([head, octets, tail]);
    default:
      return Buffer.concat([head, tail.subarray(0, 40), tail]);
  }
}

describe("the Backend Interfaces listener", () => {
  it("answers random octets and random JSON in its own terms, and changes nothing", async () => {
    await joined();
    const before = rig.dump();
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(json)),
      fc
        .dictionary(fc.constantFrom(...HEADER, "DevEUI"), fc.jsonValue())
        .map((body) => Buffer.from(JSON.stringify(body))),
    );
    await fc.assert(
      fc.asyncProperty(text, async (payload) => void (await post(payload))),
      { numRuns: 120 },
    );
    assert.equal(rig.dump(), before);
    assertNoDefects();
  });

  it("refuses a valid request in which one needed member is wrong, and changes nothing", async () => {
    const device = await joined();
    const before = rig.dump();
    const spoilt = fc
      .constantFrom(...validRequests(device))
      .chain((request) =>
        fc.tuple(
          fc.constant(request),
          fc.constantFrom(...(NEEDED[request["MessageType"] as string] as string[]), ...HEADER),
          wrongValue,
        ),
      );
    await fc.assert(
      fc.asyncProperty(spoilt, async ([request, name, value]) => {
        fc.pre(name !== "TransactionID" || typeof value !== "number");
        fc.pre(name !== "RxDelay" || typeof value !== "number");
        fc.pre(name !== "MACCommand" || value !== "0x");
        const code = await post(JSON.stringify({ ...request, [name]: value }));
        assert.notEqual(code, "Success");
      }),
      { numRuns: 200 },
    );
    assert.equal(rig.dump(), before);
    assertNoDefects();
  });

  it("survives valid requests with octets changed, cut out or put in, and refuses without a trace", async () => {
    const device = await joined();
    const damage = fc.record({
      at: fc.nat(),
      how: fc.constantFrom("change", "cut", "insert", "repeat"),
      octets: fc.uint8Array({ minLength: 1, maxLength: 6 }),
    });
    const accepted = { count: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async (pick, damages) => {
          const requests = validRequests(device);
          const request = requests[pick % requests.length];
          let payload: Buffer = Buffer.from(JSON.stringify(request));
          for (const { at, how, octets } of damages) payload = damaged(payload, at, how, octets);
          const before = rig.dump();
          const code = await post(payload);
          if (code === "Success") accepted.count += 1;
          else assert.equal(rig.dump(), before, payload.toString());
        },
      ),
      { numRuns: 200 },
    );
    assert.ok(accepted.count < 100);
    assertNoDefects();
  });

  it("never takes a frame with changed octets", async () => {
    const device = await joined();
    const requests = validRequests(device).filter((request) => "PHYPayload" in request);
    const before = rig.dump();
    const changed = fc.tuple(
      fc.constantFrom(...requests),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom("flip", "cut", "grow"),
    );
    await fc.assert(
      fc.asyncProperty(changed, async ([request, at, mask, how]) => {
        const frame = Buffer.from(request["PHYPayload"] as string, "hex");
        const index = at % frame.length;
        frame[index] = (frame[index] as number) ^ mask;
        const made =
          how === "flip"
            ? frame
            : how === "cut"
              ? frame.subarray(0, index)
              : Buffer.concat([frame, frame]);
        const code = await post(JSON.stringify({ ...request, PHYPayload: made.toString("hex") }));
        assert.notEqual(code, "Success");
      }),
      { numRuns: 120 },
    );
    assert.equal(rig.dump(), before);
    assertNoDefects();
  });

  it("survives huge and deep bodies and names of prototypes", async () => {
    const device = await joined();
    const [request] = validRequests(device);
    const before = rig.dump();
    const json = JSON.stringify(request);
    const hostile = [
      `{"x":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
      "[".repeat(60_000),
      `{"a":`.repeat(10_000),
      `${json.slice(0, -1)},"__proto__":{"DevEUI":"x"}}`,
      `${json.slice(0, -1)},"constructor":{"prototype":{"x":1}}}`,
      `{"__proto__":${json}}`,
      json.replace("JoinReq", "__proto__"),
      json.replace("JoinReq", "toString"),
      json.replace("JoinReq", "x".repeat(40_000)),
      `${json.slice(0, -1)},"pad":"${"x".repeat(100_000)}"}`,
      JSON.stringify({ ...request, PHYPayload: "00".repeat(25_000) }),
      JSON.stringify({ ...request, SenderID: "f".repeat(50_000) }),
      JSON.stringify({ ...request, SenderID: "'; DROP TABLE devices; --" }),
      JSON.stringify({ ...request, DevEUI: "' OR '1'='1" }),
      json.replace(/"TransactionID":[0-9]+/, '"TransactionID":1e400'),
      JSON.stringify({ ...request, TransactionID: 2 ** 53 }),
    ];
    for (const payload of hostile) assert.notEqual(await post(payload), "Success");
    for (const type of ["text/plain", "application/xml", "application/jsonx", "x", ""]) {
      assert.equal(await post(json, { "content-type": type }), undefined, type);
    }
    assert.equal(({} as Json)["DevEUI"], undefined);
    assert.equal(rig.dump(), before);
    assertNoDefects();
    const longest = Math.max(...rig.log.lines.map((line) => line.length));
    assert.ok(longest < 1000, `a log line of ${longest} characters`);
    assert.equal(await post(json), "Success");
  });
});

describe("the administration API", () => {
  it("answers whatever comes with a problem or a device, and never with 5xx", async () => {
    const device = await joined();
    const before = rig.dump();
    const names = [...Object.keys(registrationOf(device)), "suite", "kek", "kekLabel", "url"];
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .tuple(fc.constantFrom(...names), wrongValue)
        .map(([name, value]) =>
          JSON.stringify({ ...registrationOf(device), [name]: value, foo: 1 }),
        ),
      fc.constantFrom(
        `{"__proto__":{}}`,
        `{"constructor":{"prototype":{}}}`,
        "[".repeat(50_000),
        `{"x":"${"x".repeat(70_000)}"}`,
      ),
    );
    const path = fc.oneof(
      fc.constantFrom(
        `devices/${device.devEui}`,
        "devices/ffffffffffffffff",
        "network-servers/00000g",
        "application-servers/%00",
        "devices/__proto__",
        "%",
      ),
      fc.webPath(),
    );
    const method = fc.constantFrom(
      "GET" as const,
      "PUT" as const,
      "PATCH" as const,
      "DELETE" as const,
    );
    await fc.assert(
      fc.asyncProperty(method, path, body, async (verb, where, payload) => {
        fc.pre(payload.trim() !== "" || verb !== "PUT");
        fc.pre(verb !== "DELETE" || where !== `devices/${device.devEui}`);
        const response = await rig.admin.inject({
          method: verb,
          url: `/api/v1/${where.replace(/^\/+/, "")}`,
          payload,
          headers: { ...JSON_TYPE, authorization: `Bearer ${ADMIN_TOKEN}` },
        });
        assert.ok(response.statusCode < 500, response.body);
        if (response.statusCode >= 400) assert.equal(typeof response.json().title, "string");
      }),
      { numRuns: 120 },
    );
    assert.equal(rig.dump(), before);
    assertNoDefects();
  });
});
