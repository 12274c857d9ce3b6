import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Readiness } from "../../../src/server/readiness.ts";
import { headerOf, joinMembers } from "../../support/join-server-rig.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { randomKey, TestDevice } from "../../support/test-device.ts";
import { runWarren } from "../support/warren.ts";
import { RunningJoinServer } from "./support/running-join-server.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

interface ServerProcess {
  readonly addresses: { readonly backend: string; readonly admin: string };
  readonly token: string;
  readonly lines: string[];
  signal(name: NodeJS.Signals): void;
  /** Exit status, or the signal, and how long it took from the first signal. */
  readonly ended: Promise<{ status: number | null; ms: number }>;
}

/** The command in a process of its own. */
async function startProcess(...toml: string[]): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const file = join(folder, "warren.toml");
  writeFileSync(file, ["backend.port = 0", "admin.port = 0", ...toml].join("\n"));
  const child = spawn(process.execPath, [MAIN, "join-server", "--config", file, "--data", folder]);
  const lines: string[] = [];
  let signalledAt = 0;
  const ended = once(child, "exit").then(([status]) => ({
    status: status as number | null,
    ms: performance.now() - signalledAt,
  }));
  after(() => child.kill("SIGKILL"));
  const ready = Promise.withResolvers<ServerProcess["addresses"]>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    const { event, addresses } = JSON.parse(line);
    if (event === "ready") ready.resolve(addresses);
  });
  return {
    addresses: await ready.promise,
    token: readFileSync(join(folder, "admin-token"), "utf8").trim(),
    lines,
    signal: (name) => {
      signalledAt = performance.now();
      child.kill(name);
    },
    ended,
  };
}

async function put(server: ServerProcess, path: string, body: object): Promise<void> {
  const response = await fetch(`${server.addresses.admin}/api/v1/${path}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, await response.text());
}

const kek = () => ({ kek: randomKey().export().toString("hex") });

/** Sends joins one after the other on one connection, until it is gone. */
async function joinUntilRefused(
  url: string,
  device: TestDevice,
  outcomes: string[],
): Promise<void> {
  for (;;) {
    const join = device.joinRequestUnder(device.currentKeys, device.devNonce++);
    const outcome = await post(url, { ...headerOf("JoinReq"), ...joinMembers(device, join, {}) });
    outcomes.push(outcome);
    if (outcome === "refused") return;
  }
}

/** `answer` for a whole answer, `refused` for no octet of one, `half` for anything in between. */
function post(url: string, body: object): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(url, { method: "POST", headers: { "content-type": "application/json" } });
    sent.on("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => {
        const isWhole = response.complete && Object.keys(JSON.parse(text)).length > 0;
        resolve(isWhole ? "answer" : "half");
      });
      response.on("error", () => resolve("half"));
    });
    sent.on("error", () => resolve("refused"));
    sent.end(JSON.stringify(body));
  });
}

test("under load, a stop answers what has come and refuses what comes, and nothing half", async () => {
  const server = await startProcess("limits.device.per_second = 0", 'log_level = "warn"');
  await put(server, "network-servers/000013", kek());
  await put(server, "application-servers/example-as", kek());
  const devices = Array.from({ length: 20 }, () => new TestDevice("1.1.0"));
  for (const device of devices) {
    await put(server, `devices/${device.devEui}`, {
      ...{ joinEui: device.joinEui, macVersion: device.macVersion, homeNetId: "000013" },
      ...{ asId: "example-as", nwkKey: device.currentKeys.nwkKey.export().toString("hex") },
      appKey: device.currentKeys.appKey.export().toString("hex"),
    });
  }
  const outcomes: string[] = [];
  const load = devices.map((d) => joinUntilRefused(server.addresses.backend, d, outcomes));
  while (outcomes.length < 60) await sleep(10);
  server.signal("SIGTERM");
  const { status, ms } = await server.ended;
  await Promise.all(load);
  assert.equal(status, 0);
  assert.ok(ms < 5_000, `${ms} ms`);
  assert.deepEqual(new Set(outcomes), new Set(["answer", "refused"]));
  assert.deepEqual(
    server.lines.filter((line) => /defect|stop-forced/.test(line)),
    [],
  );
});

/** Resolves once the server has seen that a request begins, of which the rest never comes. */
async function sendHalfARequest(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  const head = ["POST / HTTP/1.1", "Host: x", "Content-Length: 100", "Expect: 100-continue"];
  socket.write(`${head.join("\r\n")}\r\n\r\n{`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  assert.match(answer.toString("latin1"), /^HTTP\/1\.1 100 /);
}

test("a stop waits neither for half a request nor for streams, and a second signal for nothing", async () => {
  const first = await startProcess();
  await sendHalfARequest(first.addresses.backend);
  const authorization = `Bearer ${first.token}`;
  const stream = await fetch(`${first.addresses.admin}/api/v1/events`, {
    headers: { authorization },
  });
  assert.equal(stream.status, 200);
  first.signal("SIGTERM");
  const { status, ms } = await first.ended;
  assert.equal(status, 0);
  assert.ok(ms < 5_000, `${ms} ms`);

  const second = await startProcess();
  await sendHalfARequest(second.addresses.backend);
  second.signal("SIGINT");
  await sleep(100);
  second.signal("SIGTERM");
  assert.deepEqual((await second.ended).status, 128 + 15);
});

test("readiness follows the database and the stop", async () => {
  let answer: boolean | Error = true;
  const readiness = new Readiness(() =>
    answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer),
  );
  assert.equal(await readiness.isReady(), false, "not before the listeners are up");
  readiness.started();
  assert.equal(await readiness.isReady(), true);
  answer = new Error("gone");
  await sleep(550);
  assert.equal(await readiness.isReady(), false);
  answer = true;
  await sleep(550);
  assert.equal(await readiness.isReady(), true);
  readiness.stop();
  readiness.started();
  assert.equal(await readiness.isReady(), false);
});

test("both ports say that they live and are ready, without a token", async () => {
  const server = await RunningJoinServer.start();
  for (const url of [server.backendUrl, server.adminUrl]) {
    assert.equal(await server.status(`${url}/livez`), 200);
    assert.equal(await server.status(`${url}/readyz`), 200);
  }
});

test("a port in use is named, with exit status 1", async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  after(() => blocker.close());
  const { port } = blocker.address() as AddressInfo;
  const folder = temporaryFolder();
  const options = ["--data", folder, "--backend-port", "0", "--admin-port", `${port}`];
  const child = spawn(process.execPath, [MAIN, "join-server", ...options]);
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [status] = await once(child, "exit");
  assert.equal(status, 1);
  assert.match(errors, new RegExp(`127.0.0.1:${port} is in use .*\\(port-in-use\\)`));
});

test("a wrong configuration is refused before anything starts", async () => {
  const file = join(temporaryFolder(), "warren.toml");
  writeFileSync(file, "[backend]\nprot = 7");
  const { status, stderr } = await runWarren("join-server", "--config", file);
  assert.equal(status, 1);
  assert.equal(
    stderr,
    `warren join-server: ${file}:2: there is no member "backend.prot"; did you mean "port"? (configuration-invalid)\n`,
  );
});
