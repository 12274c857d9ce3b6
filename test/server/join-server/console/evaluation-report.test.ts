import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { ADMIN_TOKEN, JoinServerRig } from "../../../support/join-server-rig.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { send, signIn } from "./support.ts";

const CHROMIUM = "/usr/bin/chromium";
/** A report that somebody has changed: it tries what it must not be able to do. */
const REPORT = `<!doctype html><title>untouched</title>
<style>h1 { color: rgb(1, 2, 3) }</style>
<h1 onclick="document.title = 'run'">Report</h1>
<a id="csv" href="tables/t.csv">t.csv</a>
<script>document.title = "run"; fetch("/api/v1/session")</script>
<img src="x" onerror="document.title = 'run'">
<form action="/api/v1/session" method="post"><button id="send">send</button></form>`;

/** Why nothing is checked, or false. With CI set it is a failure. */
function skip(): string | false {
  if (existsSync(CHROMIUM)) return false;
  const reason = `${CHROMIUM} is not there`;
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

function writeReport(): string {
  const folder = join(temporaryFolder(), "report");
  mkdirSync(join(folder, "tables"), { recursive: true });
  writeFileSync(join(folder, "index.html"), REPORT);
  writeFileSync(join(folder, "tables/t.csv"), "a,b\r\n1,2\r\n");
  return folder;
}

describe("the evaluation report in the console", () => {
  const rig = new JoinServerRig({ admin: { console: { evaluationReport: writeReport() } } });

  it("is for who is signed in", async () => {
    const url = "/console/evaluation-report/";
    assert.equal((await send(rig, "GET", url)).status, 401);
    const { cookie } = await signIn(rig);
    const page = await send(rig, "GET", url, { headers: { cookie } });
    assert.deepEqual([page.status, page.text], [200, REPORT]);
    const table = await send(rig, "GET", `${url}tables/t.csv`, { headers: { cookie } });
    assert.match(String(table.headers["content-type"]), /^text\/csv/);
    const other = await send(rig, "GET", `${url}../secret`, { headers: { cookie } });
    assert.doesNotMatch(other.text, /1,2/);
    assert.equal((await send(rig, "GET", `${url}none.csv`, { headers: { cookie } })).status, 404);
  });

  it("is known to the API by when it was written", async () => {
    const { cookie } = await signIn(rig);
    const answer = await send(rig, "GET", "/api/v1/evaluation-report", { headers: { cookie } });
    const age = Date.now() - Date.parse(answer.body["writtenAt"] as string);
    assert.ok(answer.status === 200 && age >= 0 && age < 600_000, JSON.stringify(answer.body));
  });

  it("has a policy under which nothing runs", async () => {
    const { cookie } = await signIn(rig);
    const { headers } = await send(rig, "GET", "/console/evaluation-report/", {
      headers: { cookie },
    });
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^sandbox allow-same-origin allow-downloads; default-src 'none'; /);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.doesNotMatch(policy, /script/);
  });

  it("says how to make one when there is none", async () => {
    const evaluationReport = join(temporaryFolder(), "none");
    const bare = new JoinServerRig({ admin: { console: { evaluationReport } } });
    const { cookie } = await signIn(bare);
    const answer = await send(bare, "GET", "/console/evaluation-report/", { headers: { cookie } });
    assert.deepEqual([answer.status, answer.body["title"]], [404, "resource-unknown"]);
    assert.match(answer.body["detail"] as string, /npm run evaluate/);
    const state = await send(bare, "GET", "/api/v1/evaluation-report", { headers: { cookie } });
    assert.deepEqual([state.status, state.body], [200, { writtenAt: null }]);
  });
});

describe("the evaluation report in a browser", { skip: skip(), timeout: 300_000 }, () => {
  const rig = new JoinServerRig({ admin: { console: { evaluationReport: writeReport() } } });
  const requests: string[] = [];
  let url: string;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    url = await rig.admin.listen({ host: "127.0.0.1", port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    context = await browser.newContext();
    const answer = await context.request.post(`${url}/api/v1/session`, {
      data: { token: ADMIN_TOKEN },
    });
    assert.equal(answer.status(), 200);
    context.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  });
  after(async () => {
    await browser?.close();
    await rig.admin.close();
  });

  it("shows itself, runs nothing, sends nothing, and gives its tables", async () => {
    const page = await context.newPage();
    const answer = await page.goto(`${url}/console/evaluation-report/`);
    assert.equal(answer?.status(), 200);
    await page.click("h1");
    await page.click("#send");
    assert.equal(await page.title(), "untouched");
    const colour = await page.evaluate<string>(
      "getComputedStyle(document.querySelector('h1')).color",
    );
    assert.equal(colour, "rgb(1, 2, 3)");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
    assert.equal(await download.failure(), null);
    assert.equal(download.suggestedFilename(), "t.csv");
    assert.deepEqual(
      requests.filter((request) => request.includes("/api/")),
      [],
    );
  });
});
