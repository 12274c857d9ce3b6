import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort } from "../src/cli/run/free-port.ts";
import { RoleApi } from "../src/cli/run/role-api.ts";
import { RoleProcessHandle } from "../src/cli/run/role-process-handle.ts";
import { importAes128Key } from "../src/crypto/aes128.ts";
import { formatHex } from "../src/lorawan/hex.ts";
import { parseEui64 } from "../src/lorawan/identifiers.ts";
import { encodeJoinRequest } from "../src/lorawan/join/join-request.ts";

const HOST = "127.0.0.1";
const JOIN_EUI = parseEui64("70b3d57ed0000001");
const DEVICES = 200;

/** Joins answered over HTTP by a Join Server process that stores each on disk before it answers. */
export interface JoinsMeasurement {
  readonly macVersion: string;
  readonly connections: number;
  readonly joins: number;
  /** One figure a round. */
  readonly joinsPerSecond: readonly number[];
  readonly medianJoinsPerSecond: number;
}

interface BenchDevice {
  readonly devEui: string;
  readonly nwkKey: Uint8Array;
  nextDevNonce: number;
}

/** Starts a Join Server process, joins devices in rounds over keep-alive connections, and stops it. */
export async function measureJoins(
  macVersion: "1.0.4" | "1.1.0",
  rounds: number,
  joinsPerRound: number,
  connections: number,
): Promise<JoinsMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), "warren-bench-"));
  const [backendPort, adminPort] = [await freeTcpPort(HOST, 0), await freeTcpPort(HOST, 0)];
  const handle = new RoleProcessHandle({
    role: "join-server",
    arguments: [
      ...["--data", folder, "--log-level", "warn"],
      ...["--backend-port", `${backendPort}`, "--admin-port", `${adminPort}`],
    ],
    logFolder: folder,
    onUnexpectedEnd: (role, words) => {
      throw new Error(`${role}: ${words}`);
    },
  });
  await handle.start();
  try {
    const api = new RoleApi(`http://${HOST}:${adminPort}`, join(folder, "admin-token"));
    const devices = await registerDevices(api, macVersion);
    const joinsPerSecond: number[] = [];
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const bodies = Array.from({ length: joinsPerRound }, (_, index) =>
        joinReqBody(devices[index % devices.length] as BenchDevice, macVersion),
      );
      const seconds = await postAll(bodies, backendPort, connections);
      if (round > 0) joinsPerSecond.push(joinsPerRound / seconds);
    }
    const sorted = [...joinsPerSecond].sort((a, b) => a - b);
    return {
      macVersion,
      connections,
      joins: rounds * joinsPerRound,
      joinsPerSecond,
      medianJoinsPerSecond: sorted[Math.floor(sorted.length / 2)] as number,
    };
  } finally {
    await handle.stop();
    rmSync(folder, { recursive: true });
  }
}

async function registerDevices(api: RoleApi, macVersion: string): Promise<BenchDevice[]> {
  await api.request("PUT", "/network-servers/000001", { kek: "11".repeat(16), kekLabel: "ns" });
  await api.request("PUT", "/application-servers/as", { kek: "22".repeat(16), kekLabel: "as" });
  const devices: BenchDevice[] = [];
  for (let index = 0; index < DEVICES; index++) {
    const devEui = (0x0102030400000000n + BigInt(index)).toString(16).padStart(16, "0");
    const nwkKey = new Uint8Array(randomBytes(16));
    await api.request("PUT", `/devices/${devEui}`, {
      joinEui: JOIN_EUI,
      macVersion,
      nwkKey: formatHex(nwkKey),
      appKey: formatHex(new Uint8Array(randomBytes(16))),
      homeNetId: "000001",
      asId: "as",
    });
    devices.push({ devEui, nwkKey, nextDevNonce: 1 });
  }
  return devices;
}

function joinReqBody(device: BenchDevice, macVersion: string): string {
  const fields = {
    joinEui: JOIN_EUI,
    devEui: parseEui64(device.devEui),
    devNonce: device.nextDevNonce++,
  };
  return JSON.stringify({
    ProtocolVersion: "1.0",
    SenderID: "000001",
    ReceiverID: JOIN_EUI,
    TransactionID: 1,
    MessageType: "JoinReq",
    MACVersion: macVersion,
    PHYPayload: formatHex(encodeJoinRequest(fields, importAes128Key(device.nwkKey))),
    DevEUI: device.devEui,
    DevAddr: "02000001",
    DLSettings: macVersion === "1.1.0" ? "80" : "00",
    RxDelay: 1,
  });
}

/** Posts all bodies over so many connections at once; returns the seconds it took. */
async function postAll(bodies: string[], port: number, connections: number): Promise<number> {
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
