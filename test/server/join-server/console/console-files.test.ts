import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { JoinServerRig } from "../../../support/join-server-rig.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { send } from "./support.ts";

const SCRIPT = `console.log("${"x".repeat(500)}")`;
const PAGE = '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><div id="root"></div>';

function buildInto(folder: string): string {
  const build = join(folder, "dist");
  mkdirSync(join(build, "assets"), { recursive: true });
  writeFileSync(join(build, "index.html"), PAGE);
  writeFileSync(join(build, ".inputs"), "a hash");
  writeFileSync(join(build, "icon.svg"), "<svg/>");
  writeFileSync(join(build, "assets/a-1234.js"), SCRIPT);
  writeFileSync(join(build, "assets/a-1234.js.br"), brotliCompressSync(SCRIPT));
  writeFileSync(join(build, "assets/a-1234.js.gz"), gzipSync(SCRIPT));
  writeFileSync(join(folder, "secret.txt"), "a secret");
  symlinkSync(join(folder, "secret.txt"), join(build, "link.txt"));
  return build;
}

describe("the files of the console", () => {
  const build = buildInto(temporaryFolder());
  const rig = new JoinServerRig({ admin: { console: { build } } });
  const get = (url: string, headers: Record<string, string> = {}) =>
    send(rig, "GET", url, { headers });
  let port: number;

  before(async () => {
    port = Number(new URL(await rig.admin.listen({ host: "127.0.0.1", port: 0 })).port);
  });
  after(() => rig.admin.close());

  it("begin at the root", async () => {
    for (const url of ["/", "/console"]) {
      const answer = await get(url);
      assert.deepEqual([answer.status, answer.headers.location], [302, "/console/"]);
    }
  });

  it("have a policy that lets in files of this server alone, with a new nonce each time", async () => {
    const nonces = new Set<string>();
    for (const url of ["/console/", "/console/", "/console/index.html"]) {
      const { status, headers, text } = await get(url);
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "text/html; charset=utf-8");
      assert.equal(headers["cache-control"], "no-cache");
      const [, nonce = ""] = /content="([A-Za-z0-9+/]{22}==)"/.exec(text) ?? [];
      nonces.add(nonce);
      const policy = String(headers["content-security-policy"]);
      const directives = new Map(
        policy.split("; ").map((text) => [text.split(" ")[0], text.split(" ").slice(1).join(" ")]),
      );
      assert.equal(directives.get("default-src"), "'none'");
      assert.equal(directives.get("script-src"), "'self'");
      assert.equal(directives.get("style-src"), `'self' 'nonce-${nonce}'`);
      assert.equal(directives.get("connect-src"), "'self'");
      assert.equal(directives.get("frame-ancestors"), "'none'");
      assert.equal(directives.get("base-uri"), "'none'");
      assert.equal(directives.get("form-action"), "'none'");
      assert.doesNotMatch(policy, /https?:|\*|unsafe-/);
    }
    assert.equal(nonces.size, 3);
  });

  it("all have the other headers too, refusals included", async () => {
    for (const url of [
      "/console/",
      "/console/assets/a-1234.js",
      "/console/assets/none.js",
      "/console/evaluation-report/",
    ]) {
      const { headers } = await get(url);
      assert.equal(headers["x-content-type-options"], "nosniff", url);
      assert.equal(headers["referrer-policy"], "no-referrer", url);
      assert.equal(headers["cross-origin-opener-policy"], "same-origin", url);
      assert.match(String(headers["permissions-policy"]), /camera=\(\)/, url);
      assert.match(String(headers["content-security-policy"]), /default-src 'none'/, url);
    }
  });

  it("are sent as they were compressed, and kept for a year when their name has their hash", async () => {
    const url = "/console/assets/a-1234.js";
    for (const [accepted, encoding] of [
      ["br, gzip", "br"],
      ["gzip", "gzip"],
      ["", undefined],
    ] as const) {
      const { status, headers, text } = await get(url, { "accept-encoding": accepted });
      assert.deepEqual([status, headers["content-encoding"]], [200, encoding]);
      assert.match(String(headers["content-type"]), /^(text|application)\/javascript/);
      assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
      assert.equal(headers["vary"], "accept-encoding");
      if (encoding === undefined) assert.equal(text, SCRIPT);
      else assert.ok(text.length < SCRIPT.length);
    }
    assert.equal((await get("/console/icon.svg")).headers["cache-control"], "no-cache");
  });

  it("are the page for every path that a page may have", async () => {
    for (const url of [
      "/console/devices/0102030405060708",
      "/console/sign-in?x=1",
      "/console/a/b/",
    ]) {
      assert.match((await get(url)).text, /id="root"/, url);
    }
    const html = { accept: "text/html,application/xhtml+xml" };
    assert.match((await get("/console/peers/as.example.com", html)).text, /id="root"/);
    for (const url of ["/console/none.js", "/console/assets/none", "/console/assets/none.js"]) {
      const answer = await get(url);
      assert.deepEqual([answer.status, answer.body["title"]], [404, "not-found"], url);
    }
    assert.equal((await get("/console/assets/none.html", html)).status, 404);
  });

  it("are not what lies beside the folder or hides in it", async () => {
    for (const path of [
      "../secret.txt",
      "assets/../../secret.txt",
      "..%2fsecret.txt",
      "%2e%2e/secret.txt",
      "..%5csecret.txt",
      "assets/..%2f..%2fsecret.txt",
      "%00/../secret.txt",
      "//etc/passwd",
      "%2fetc%2fpasswd",
      ".inputs",
      "%2einputs",
      "link.txt",
    ]) {
      const answer = await rawGet(port, `/console/${path}`);
      assert.match(answer, /^HTTP\/1\.1 [234]\d\d /, path);
      assert.doesNotMatch(answer, /a secret|a hash|root:/, path);
    }
  });

  it("are not in the OpenAPI document, and need no token", async () => {
    const { body } = await get("/api/v1/openapi.json");
    const paths = Object.keys(body["paths"] as object);
    assert.ok(paths.includes("/api/v1/session"));
    assert.ok(!paths.some((path) => !path.startsWith("/api/v1/")));
    assert.equal((await send(rig, "POST", "/console/devices")).status, 404);
  });
});

describe("a console that is not built", () => {
  it("says how to build it", async () => {
    const build = join(temporaryFolder(), "none");
    const rig = new JoinServerRig({ admin: { console: { build } } });
    const { status, text, headers } = await send(rig, "GET", "/console/");
    assert.equal(status, 503);
    assert.match(text, /npm run build:console/);
    assert.match(String(headers["content-security-policy"]), /default-src 'none'/);
    assert.equal((await send(rig, "GET", "/api/v1/openapi.json")).status, 200);
  });
});

/** The path as it is written here: clients that are made for people put it in order first. */
function rawGet(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  });
}
