import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, describe, it } from "node:test";
import Type from "typebox";
import { WarrenError } from "../../src/errors.ts";
import { createHttpApp, type HttpApp, listen, listenError } from "../../src/server/http-app.ts";
import { captureLog } from "../support/log-capture.ts";
import { warrenError } from "../support/warren-error.ts";

const { logger, lines } = captureLog();

function appWith(add: (app: HttpApp) => void): HttpApp {
  const app = createHttpApp(logger);
  add(app);
  after(() => app.close());
  return app;
}

const Body = Type.Object(
  {
    count: Type.Integer({ minimum: 0 }),
    name: Type.Optional(Type.String({ pattern: "^[a-z]+$" })),
  },
  { additionalProperties: false },
);
const Query = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1 })) });

describe("createHttpApp", () => {
  it("makes an app without deprecation warnings", () => {
    const warnings: unknown[] = [];
    const collect = (warning: unknown) => warnings.push(warning);
    process.on("warning", collect);
    appWith(() => undefined);
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        process.off("warning", collect);
        assert.deepEqual(warnings, []);
        resolve();
      });
    });
  });

  it("answers GET /livez", async () => {
    const response = await appWith(() => undefined).inject({ url: "/livez" });
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), { status: "ok" });
  });

  it("takes a body as it is: no unknown members, no conversion", async () => {
    const app = appWith((a) => {
      a.post("/x", { schema: { body: Body } }, (request) => request.body);
    });
    const post = (payload: object) => app.inject({ method: "POST", url: "/x", payload });
    assert.deepEqual((await post({ count: 1, name: "a" })).json(), { count: 1, name: "a" });
    for (const payload of [
      {},
      { count: null },
      { count: "1" },
      { count: true },
      { count: 1, x: 1 },
    ]) {
      const response = await post(payload);
      assert.equal(response.statusCode, 400, JSON.stringify(payload));
      assert.equal(response.json().title, "request-malformed");
    }
    const secret = await post({ count: 1, name: "SECRET" });
    assert.equal(secret.statusCode, 400);
    assert.ok(!secret.body.includes("SECRET"));
    assert.match(secret.json().detail, /name/);
  });

  it("converts numbers in a query, where everything is text", async () => {
    const app = appWith((a) => {
      a.get("/x", { schema: { querystring: Query } }, (request) => request.query);
    });
    assert.deepEqual((await app.inject({ url: "/x?limit=7" })).json(), { limit: 7 });
    assert.equal((await app.inject({ url: "/x?limit=seven" })).statusCode, 400);
  });

  it("answers what goes wrong with problem details", async () => {
    const app = appWith((a) => {
      a.get("/expected", () => {
        throw new WarrenError("device-unknown", "no such device");
      });
      a.get("/bug", () => {
        throw new TypeError("an inner secret");
      });
      a.post("/post", () => "");
    });
    const cases: [string, "GET" | "POST", number, string][] = [
      ["/expected", "GET", 404, "device-unknown"],
      ["/bug", "GET", 500, "defect"],
      ["/nowhere?token=1", "GET", 404, "not-found"],
      ["/%", "GET", 400, "request-malformed"],
      ["/post", "POST", 400, "request-malformed"],
    ];
    for (const [url, method, status, title] of cases) {
      const headers = { "content-type": "application/json" };
      const request = method === "POST" ? { payload: "{", headers } : {};
      const response = await app.inject({ url, method, ...request });
      assert.equal(response.statusCode, status, url);
      assert.match(response.headers["content-type"] as string, /^application\/problem\+json/);
      const { detail, ...rest } = response.json();
      assert.deepEqual(rest, { type: `urn:warren:error:${title}`, title, status });
      assert.ok(!detail.includes("secret") && !detail.includes("token"));
    }
    const defect = lines.filter((line) => line.includes("an inner secret"));
    assert.equal(defect.length, 1);
    assert.match(defect[0] as string, /"event":"defect".*"stack"/);
  });

  it("logs no request by itself", async () => {
    const before = lines.length;
    await appWith(() => undefined).inject({ url: "/livez" });
    assert.equal(lines.length, before);
  });

  it("refuses bodies above 64 kB", async () => {
    const app = appWith((a) => {
      a.post("/x", () => ({}));
    });
    const send = (length: number) =>
      app.inject({ method: "POST", url: "/x", payload: { x: "x".repeat(length) } });
    assert.equal((await send(60_000)).statusCode, 200);
    assert.equal((await send(70_000)).statusCode, 413);
  });
});

describe("listen", () => {
  it("gives the URL that it is reached at", async () => {
    const app = appWith(() => undefined);
    const url = await listen(app, { host: "127.0.0.1", port: 0 });
    assert.match(url, /^http:\/\/127\.0\.0\.1:[0-9]+$/);
    assert.equal((await fetch(`${url}/livez`)).status, 200);
  });

  it("says what to do when the port is taken or the address is not ours", async () => {
    const url = await listen(
      appWith(() => undefined),
      { host: "127.0.0.1", port: 0, allowsPlainHttp: true },
    );
    const { port } = new URL(url);
    await assert.rejects(
      listen(
        appWith(() => undefined),
        { host: "127.0.0.1", port: Number(port), allowsPlainHttp: true },
      ),
      warrenError("port-in-use"),
    );
    await assert.rejects(
      listen(
        appWith(() => undefined),
        { host: "203.0.113.1", port: 0, allowsPlainHttp: true },
      ),
      warrenError("configuration-invalid"),
    );
    const other = new Error("something else");
    assert.equal(listenError(other, "x"), other);
  });

  it("closes although a client holds a connection and says nothing", async () => {
    const app = createHttpApp(logger);
    const url = await listen(app, { host: "127.0.0.1", port: 0 });
    await fetch(`${url}/livez`);
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    await app.close();
    await ended;
  });
});
