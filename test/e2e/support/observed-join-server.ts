import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { headerOf, type Json, joinMembers } from "../../support/join-server-rig.ts";
import type { AirRequest, TestDevice } from "../../support/test-device.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const FAULTS = fileURLToPath(new URL("careless-faults.ts", import.meta.url));

/** A real Join Server process whose every output and answer is kept, for searches. */
export class ObservedJoinServer {
  readonly data: string;
  /** What the process and the commands beside it have written, and the bodies of all answers. */
  readonly texts: string[] = [];
  #child: ChildProcess | undefined;
  #output = "";
  #addresses: Record<string, string> = {};

  constructor(folder: string) {
    this.data = join(folder, "data");
    writeFileSync(
      this.#configPath,
      `data_folder = "${this.data}"\nlog_level = "debug"\nbackend.port = 0\nadmin.port = 0\n` +
        "limits.device.per_second = 0\n",
    );
  }

  async start(): Promise<void> {
    this.#output = "";
    this.#child = this.#spawn(["--import", FAULTS], ["join-server", "--config", this.#configPath]);
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    const ready = /^.*"event":"ready".*$/m;
    for (let waited = 0; !ready.test(this.#output); waited += 20) {
      assert.ok(waited < 30_000 && this.#child.exitCode === null, this.texts.join(""));
      await sleep(20);
    }
    const [line = ""] = ready.exec(this.#output) ?? [];
    this.#addresses = (JSON.parse(line) as { addresses: Record<string, string> }).addresses;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Its exit status. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    assert.ok(child);
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    return child.exitCode;
  }

  /** Another command of `warren` on the same configuration; its exit status. */
  async run(...args: string[]): Promise<number | null> {
    const child = this.#spawn([], [...args, "--config", this.#configPath]);
    await once(child, "close");
    return child.exitCode;
  }

  /** One administration call. */
  call(method: string, path: string, body?: unknown): Promise<Json> {
    const token = readFileSync(join(this.data, "admin-token"), "utf8").trim();
    return this.#request(`${this.#addresses["admin"]}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** Keeps every event from now on, until the server ends. */
  async followEvents(): Promise<void> {
    const token = readFileSync(join(this.data, "admin-token"), "utf8").trim();
    const response = await fetch(`${this.#addresses["admin"]}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    const keep = async () => {
      for await (const chunk of response.body ?? []) this.texts.push(Buffer.from(chunk).toString());
    };
    // Its end is that of the server, however that ends.
    void keep().catch(() => undefined);
  }

  /** One message of the Backend Interfaces. */
  ask(messageType: string, members: Json): Promise<Json> {
    return this.#request(`${this.#addresses["backend"]}/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...headerOf(messageType), ...members }),
    });
  }

  askJoin(device: TestDevice, request: AirRequest): Promise<Json> {
    const messageType = request.joinReqType === 0xff ? "JoinReq" : "RejoinReq";
    return this.ask(messageType, joinMembers(device, request, {}));
  }

  /** A join or rejoin that must succeed. */
  async join(device: TestDevice, request = device.joinRequest()): Promise<Json> {
    const answer = await this.askJoin(device, request);
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    device.receiveJoinAccept(request, parseHex(answer["PHYPayload"] as string));
    return answer;
  }

  async stop(): Promise<void> {
    if (this.#child?.exitCode !== null) return;
    this.signal("SIGKILL");
    await this.ended();
  }

  get #configPath(): string {
    return `${this.data}.toml`;
  }

  #spawn(nodeArgs: string[], args: string[]): ChildProcess {
    const child = spawn(process.execPath, [...nodeArgs, `${root}src/cli/main.ts`, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => this.texts.push(chunk.toString()));
    }
    return child;
  }

  async #request(url: string, init: RequestInit): Promise<Json> {
    const response = await fetch(url, init);
    const text = await response.text();
    this.texts.push(text, JSON.stringify([...response.headers]));
    return text.startsWith("{") ? (JSON.parse(text) as Json) : { text };
  }
}

/** All files of a SQLite database as they are now. */
export function databaseFiles(path: string): Buffer {
  const files = ["", "-wal", "-shm", "-journal"].map((suffix) => path + suffix);
  return Buffer.concat(files.filter((file) => existsSync(file)).map((file) => readFileSync(file)));
}
