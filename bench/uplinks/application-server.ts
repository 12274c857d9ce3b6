import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleProcessHandle } from "../../src/cli/run/role-process-handle.ts";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { cipherFrmPayload } from "../../src/lorawan/data/payload-cipher.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { median } from "../join-load.ts";
import { costsOf } from "../scale/process-costs.ts";
import {
  appSKeyOf,
  indexOfDevEui,
  payloadOf,
  type UplinkDevice,
  uplinkDevice,
} from "./uplink-devices.ts";

/** What one load came to. */
interface Load {
  readonly perSecond: number;
  /** Processor time of the server, an uplink. */
  readonly processorUs: number;
}

export interface ApplicationServerFigures {
  readonly name: string;
  readonly devices: number;
  readonly medianPerSecond: number;
  readonly medianProcessorUs: number;
  readonly loads: readonly Load[];
}

const DEVICES = 10_000;
/** So that devices which send one after the other are far apart in the database; without a factor in common. */
const STRIDE = 3_371;
/** Requests at a time, and uplinks in each. */
const SHAPES = [
  { name: "one uplink a request, 32 at a time", requests: 32, uplinks: 1 },
  { name: "200 uplinks a request, 2 at a time", requests: 2, uplinks: 200 },
];
const FIRST = { requests: 2, uplinks: 200 };
const SETTLE_MS = 5_000;

/**
 * Uplinks a second of an Application Server process: from the Network Server's request to the event of an application,
 * with session, payload and event on disk before the answer. Each event is compared with what was sent.
 *
 * @throws Error for an uplink that was refused, told wrongly, out of order or not at all
 */
export async function measureApplicationServer(
  rounds: number,
  seconds: number,
): Promise<readonly ApplicationServerFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), "warren-bench-as-"));
  const data = join(folder, "data");
  const server = new RoleProcessHandle({
    role: "application-server",
    arguments: ["--data", data, "--http-port", "0", "--log-level", "warn"],
    logFolder: folder,
    onUnexpectedEnd: (role, words) => {
      throw new Error(`${role}: ${words}`);
    },
  });
  try {
    const { http: url = "" } = await server.start();
    const load = new UplinkLoad(url, readFileSync(join(data, "admin-token"), "utf8").trim());
    await load.listen();
    // A session for each, and the next one of each.
    await load.run(FIRST, { count: 2 * DEVICES });
    const loads = SHAPES.map((): Load[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, shape] of SHAPES.entries()) {
        const [before, start] = [costsOf(server.pid as number), performance.now()];
        const sent = await load.run(shape, { ms: 1_000 * seconds });
        const took = (performance.now() - start) / 1_000;
        const { cpuSeconds } = costsOf(server.pid as number);
        const processorUs = (1e6 * (cpuSeconds - before.cpuSeconds)) / sent;
        loads[index]?.push({ perSecond: sent / took, processorUs });
      }
    }
    return SHAPES.map(({ name }, index) => {
      const ofShape = loads[index] ?? [];
      return {
        ...{ name, devices: DEVICES, loads: ofShape },
        medianPerSecond: median(ofShape.map(({ perSecond }) => perSecond)),
        medianProcessorUs: median(ofShape.map(({ processorUs }) => processorUs)),
      };
    });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

export function printApplicationServer(figures: readonly ApplicationServerFigures[]): void {
  console.log(
    `Uplinks: Application Server process, ${DEVICES} devices, from request to event stream`,
  );
  for (const { name, medianPerSecond, medianProcessorUs, loads } of figures) {
    const all = loads.map(({ perSecond }) => perSecond.toFixed(0)).join(", ");
    const cost = `${medianProcessorUs.toFixed(0)} us of processor each`;
    console.log(`  ${name}: ${medianPerSecond.toFixed(0)}/s, ${cost} (${all})`);
  }
  console.log();
}

class UplinkLoad {
  readonly #url: string;
  readonly #token: string;
  readonly #devices = Array.from({ length: DEVICES }, (_, index) => uplinkDevice(index));
  readonly #fCntUp = new Int32Array(DEVICES).fill(-1);
  readonly #lastTold = new Int32Array(DEVICES).fill(-1);
  #sent = 0;
  #told = 0;
  #failure: Error | undefined;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** As an application does. */
  async listen(): Promise<void> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const { body, ok, status } = await fetch(`${this.#url}/api/v1/events`, { headers });
    if (!ok || body === null) throw new Error(`no events: HTTP ${status}`);
    void this.#read(body).catch(() => undefined);
  }

  /** @returns how many were sent, once all were told */
  async run(
    { requests, uplinks }: { readonly requests: number; readonly uplinks: number },
    { count = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY },
  ): Promise<number> {
    const before = this.#sent;
    const end = performance.now() + ms;
    const send = async (): Promise<void> => {
      while (performance.now() < end && this.#sent - before < count) await this.#post(uplinks);
    };
    await Promise.all(Array.from({ length: requests }, send));
    const latest = performance.now() + SETTLE_MS;
    while (this.#told < this.#sent && performance.now() < latest) await sleep(2);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#told !== this.#sent) throw new Error(`${this.#told} told of ${this.#sent}`);
    return this.#sent - before;
  }

  async #post(uplinks: number): Promise<void> {
    const Messages = Array.from({ length: uplinks }, () => this.#next());
    const response = await fetch(`${this.#url}/network-server/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ Messages }),
    });
    const answer = (await response.json()) as { Failed?: unknown[] };
    if (answer.Failed?.length !== 0) throw new Error(`refused: ${JSON.stringify(answer)}`);
  }

  #next(): object {
    const index = (this.#sent++ * STRIDE) % DEVICES;
    const fCntUp = (this.#fCntUp[index] as number) + 1;
    this.#fCntUp[index] = fCntUp;
    const { devEui, devAddr, is11 } = this.#devices[index] as UplinkDevice;
    const appSKey = appSKeyOf(index);
    const frmPayload = cipherFrmPayload({
      ...{ key: importAes128Key(appSKey), direction: "up", devAddr, fCnt32: fCntUp },
      payload: payloadOf(index, fCntUp),
    });
    const [near, far] = ["0016c001f0000001", "0016c001f0000002"];
    return {
      Uplink: {
        ...{ DevEUI: devEui, DevAddr: devAddr, MACVersion: is11 ? "1.1.0" : "1.0.3" },
        SessionKeyID: devEui,
        ...(fCntUp === 0 && { AppSKey: { AESKey: formatHex(appSKey) } }),
        ...{ FPort: 10, FCntUp: fCntUp, Confirmed: false, FRMPayload: formatHex(frmPayload) },
        ...{ ReceivedAt: "2026-01-01T00:00:00.000Z", DataRate: "SF7BW125", Frequency: 868.1 },
        Gateways: [
          { GatewayEUI: near, RSSI: -97, SNR: 7.2 },
          { GatewayEUI: far, RSSI: -104, SNR: 2.5 },
        ],
      },
    };
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const octets of body) {
      const events = (rest + decoder.decode(octets, { stream: true })).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) if (event.includes("event: uplink\n")) this.#check(event);
    }
  }

  #check(event: string): void {
    const data = JSON.parse(event.slice(event.indexOf("data: ") + 6));
    const index = indexOfDevEui(data.devEui);
    const isNext = data.fCntUp === (this.#lastTold[index] as number) + 1;
    if (!isNext || data.payload !== formatHex(payloadOf(index, data.fCntUp))) {
      this.#failure ??= new Error(`wrong or out of order: ${event}`);
    }
    this.#lastTold[index] = data.fCntUp;
    this.#told += 1;
  }
}
