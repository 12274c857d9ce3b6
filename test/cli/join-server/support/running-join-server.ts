import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { loadJoinServerConfig } from "../../../../src/cli/config/load-config.ts";
import { startJoinServer } from "../../../../src/cli/join-server/start-join-server.ts";
import { createLogger } from "../../../../src/cli/log/create-logger.ts";
import type { RunningRole } from "../../../../src/cli/role-process.ts";
import {
  headerOf,
  type Json,
  joinMembers,
  keyHex,
  NET_ID,
  registrationOf,
} from "../../../support/join-server-rig.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { randomKey, TestDevice } from "../../../support/test-device.ts";

/** A Join Server as the command starts it, listening in this process, with one Network Server on record. */
export class RunningJoinServer {
  readonly folder: string;
  readonly logLines: string[];
  readonly role: RunningRole;
  readonly backendUrl: string;
  readonly adminUrl: string;
  readonly token: string;

  private constructor(folder: string, logLines: string[], role: RunningRole) {
    this.folder = folder;
    this.logLines = logLines;
    this.role = role;
    this.backendUrl = role.addresses["backend"] ?? "";
    this.adminUrl = role.addresses["admin"] ?? "";
    this.token = readFileSync(join(folder, "admin-token"), "utf8").trim();
  }

  /** @param toml further lines of the configuration */
  static async start(...toml: string[]): Promise<RunningJoinServer> {
    const folder = temporaryFolder();
    const file = join(folder, "warren.toml");
    writeFileSync(file, ["backend.port = 0", "admin.port = 0", ...toml].join("\n"));
    const config = loadJoinServerConfig({ config: file, data: folder }, {});
    const logLines: string[] = [];
    const logger = createLogger("join-server", "debug", { write: (line) => logLines.push(line) });
    const server = new RunningJoinServer(folder, logLines, await startJoinServer(config, logger));
    after(() => server.role.close());
    await server.put("application-servers/example-as", { kek: keyHex(randomKey()) });
    await server.put(`network-servers/${NET_ID}`, { kek: keyHex(randomKey()) });
    return server;
  }

  get authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  async put(path: string, body: Json): Promise<void> {
    const response = await fetch(`${this.adminUrl}/api/v1/${path}`, {
      method: "PUT",
      headers: { ...this.authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, await response.text());
  }

  async register(device = new TestDevice("1.1.0")): Promise<TestDevice> {
    await this.put(`devices/${device.devEui}`, registrationOf(device));
    return device;
  }

  /** The ResultCode of one JoinReq; default: the next of the device. */
  async join(device: TestDevice, request = device.joinRequest()): Promise<string> {
    const response = await fetch(this.backendUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...headerOf("JoinReq"), ...joinMembers(device, request, {}) }),
    });
    const { Result } = (await response.json()) as { Result: { ResultCode: string } };
    return Result.ResultCode;
  }

  /** The text of `GET /metrics`. */
  async metrics(): Promise<string> {
    const response = await fetch(`${this.adminUrl}/metrics`, { headers: this.authorization });
    assert.equal(response.status, 200);
    return response.text();
  }

  /** The status of a GET. */
  async status(url: string, headers: Record<string, string> = {}): Promise<number> {
    const response = await fetch(url, { headers });
    await response.body?.cancel();
    return response.status;
  }
}

/** The value of one line of the metrics, such as `warren_devices` or `x{a="b"}`. */
export function metric(text: string, name: string): number {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${name} `));
  assert.ok(line, `no ${name}`);
  return Number(line.slice(name.length + 1));
}
