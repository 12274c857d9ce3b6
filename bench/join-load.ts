import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort } from "../src/cli/run/free-port.ts";
import { RoleApi } from "../src/cli/run/role-api.ts";
import { RoleProcessHandle } from "../src/cli/run/role-process-handle.ts";
import { type Aes128Key, importAes128Key } from "../src/crypto/aes128.ts";
import { formatHex } from "../src/lorawan/hex.ts";
import { parseEui64 } from "../src/lorawan/identifiers.ts";
import { encodeJoinRequest } from "../src/lorawan/join/join-request.ts";

const HOST = "127.0.0.1";
export const BENCH_JOIN_EUI = parseEui64("70b3d57ed0000001");
export const BENCH_NET_ID = "000001";
export const BENCH_AS_ID = "as";

/** One device of a measurement; its DevNonce is a counter. */
export interface BenchDevice {
  readonly devEui: string;
  readonly nwkKey: Aes128Key;
  nextDevNonce: number;
}

/** The `index`-th device of a measurement: its DevEUI. */
export function benchDevEui(index: number): string {
  return (0x0102030400000000n + BigInt(index)).toString(16).padStart(16, "0");
}

/** A Join Server process with its data in a temporary folder and no limits of rate. */
export class BenchServer {
  readonly folder = mkdtempSync(join(tmpdir(), "warren-bench-"));
  readonly configFile = join(this.folder, "warren.toml");
  readonly #handle: RoleProcessHandle;
  readonly #settings: string;
  #backendPort = 0;
  #adminUrl = "";

  /** @param settings further lines of the section `[backend]` of its configuration */
  constructor(settings = "") {
    this.#settings = settings;
    this.#handle = new RoleProcessHandle({
      role: "join-server",
      arguments: ["--config", this.configFile],
      logFolder: this.folder,
      onUnexpectedEnd: (role, words) => {
        throw new Error(`${role}: ${words}`);
      },
    });
  }

  get backendPort(): number {
    return this.#backendPort;
  }
  get adminUrl(): string {
    return this.#adminUrl;
  }
  get tokenFile(): string {
    return join(this.folder, "data", "admin-token");
  }
  get api(): RoleApi {
    return new RoleApi(this.#adminUrl, this.tokenFile);
  }
  get pid(): number {
    return this.#handle.pid as number;
  }

  /**
   * Starts it, on the data of the last time.
   *
   * @param sections further ones of its configuration
   * @returns the seconds until it was ready
   */
  async start(sections = ""): Promise<number> {
    const ports = [await freeTcpPort(HOST, 0), await freeTcpPort(HOST, 0)] as const;
    const config = `data_folder = "${join(this.folder, "data")}"
log_level = "warn"
[backend]
port = ${ports[0]}
${this.#settings}
[admin]
port = ${ports[1]}
[limits.device]
per_second = 0
[limits.peer]
per_second = 0
${sections}
`;
    writeFileSync(this.configFile, config, { mode: 0o600 });
    const start = performance.now();
    await this.#handle.start();
    [this.#backendPort, this.#adminUrl] = [ports[0], `http://${HOST}:${ports[1]}`];
    return (performance.now() - start) / 1000;
  }

  /** One Network Server and one Application Server, each with a KEK. */
  async addPeers(): Promise<void> {
    const { api } = this;
    const peer = (kekOctet: string) => ({ kek: kekOctet.repeat(16), kekLabel: "k" });
    await api.request("PUT", `/network-servers/${BENCH_NET_ID}`, peer("11"));
    await api.request("PUT", `/application-servers/${BENCH_AS_ID}`, peer("22"));
  }

  stop(): Promise<void> {
    return this.#handle.stop();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** A JoinReq of the device with its next DevNonce. */
export function joinReqBody(device: BenchDevice, macVersion: string): string {
  const fields = {
    joinEui: BENCH_JOIN_EUI,
    devEui: parseEui64(device.devEui),
    devNonce: device.nextDevNonce++,
  };
  return JSON.stringify({
    ProtocolVersion: "1.0",
    SenderID: BENCH_NET_ID,
    ReceiverID: BENCH_JOIN_EUI,
    TransactionID: 1,
    MessageType: "JoinReq",
    MACVersion: macVersion,
    PHYPayload: formatHex(encodeJoinRequest(fields, device.nwkKey)),
    DevEUI: device.devEui,
    DevAddr: "02000001",
    DLSettings: macVersion === "1.1.0" ? "80" : "00",
    RxDelay: 1,
  });
}

/** A device with a key that only this measurement uses. */
export function benchDevice(index: number, nwkKey: Uint8Array): BenchDevice {
  return { devEui: benchDevEui(index), nwkKey: importAes128Key(nwkKey), nextDevNonce: 1 };
}

/** Posts all bodies over so many connections at once; returns the seconds it took. */
export async function postAll(
  bodies: readonly string[],
  port: number,
  connections: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await post(agent, port, body);
      if (!answer.includes('"ResultCode":"Success"')) throw new Error(`join refused: ${answer}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return seconds;
}

function post(agent: Agent, port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const outgoing = request({ agent, port, host: HOST, method: "POST", headers }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", () => resolve(text));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
