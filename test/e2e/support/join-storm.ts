import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { isLorawan11 } from "../../../src/lorawan/mac-version.ts";
import type { AirRequest, TestDevice } from "../../support/test-device.ts";

export const STORM_NET_ID = "000001";
export const STORM_AS_ID = "storm-as";

/** One yes of a server. */
export interface AcceptedJoin {
  readonly device: TestDevice;
  readonly devNonce: number;
  readonly joinNonce: number;
  readonly sessionKeyId: string;
}

/** One Join-request that was sent at least once. */
interface SentJoin {
  readonly device: TestDevice;
  readonly request: AirRequest;
  readonly body: string;
}

/** How often each kind of answer came. */
export interface StormCounts {
  accepted: number;
  refused: number;
  /** No answer: the connection broke, or was refused. The server may have stored the join. */
  unanswered: number;
  /** Anything but an accepted or refused join: such as HTTP 5xx. */
  odd: string[];
}

/** Before a server that does not answer is asked again: short against a start, and no load of its own. */
const RETRY_MS = 50;

export interface JoinStormOptions {
  /** Backend Interfaces of one or more servers on the same database. */
  readonly urls: readonly string[];
  readonly devices: readonly TestDevice[];
  /** How many requests are under way at once. */
  readonly workers: number;
}

/**
 * Joins as fast as the servers answer, as the worst Network Server would send them: new Join-requests, old
 * ones again, the same one twice at once (to different servers, when there are several), and those that
 * got no answer once more.
 */
export class JoinStorm {
  readonly accepted: AcceptedJoin[] = [];
  readonly counts: StormCounts = { accepted: 0, refused: 0, unanswered: 0, odd: [] };
  readonly #options: JoinStormOptions;
  readonly #pools: readonly Pool[];
  readonly #usedNonces = new Map<TestDevice, Set<number>>();
  readonly #sent: SentJoin[] = [];
  #isRunning = false;
  #workers: Promise<void>[] = [];

  constructor(options: JoinStormOptions) {
    this.#options = options;
    this.#pools = options.urls.map(
      (url) => new Pool(url, { connections: options.workers, pipelining: 1 }),
    );
    for (const device of options.devices) this.#usedNonces.set(device, new Set());
  }

  start(): void {
    this.#isRunning = true;
    const { workers, devices } = this.#options;
    this.#workers = Array.from({ length: workers }, (_, worker) =>
      this.#work(devices.filter((_device, index) => index % workers === worker)),
    );
  }

  /** Ends once every request has its answer or has none coming. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#workers);
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.destroy()));
  }

  /** Sends every Join-request of the storm once more, whatever became of it; then none may be new. */
  async replayAll(): Promise<void> {
    const rest = [...this.#sent];
    const replay = async (): Promise<void> => {
      for (let join = rest.pop(); join !== undefined; join = rest.pop()) await this.#send(join, 0);
    };
    await Promise.all(Array.from({ length: this.#options.workers }, replay));
  }

  async #work(devices: readonly TestDevice[]): Promise<void> {
    let unanswered: SentJoin | undefined;
    while (this.#isRunning) {
      const join: SentJoin = unanswered ?? this.#next(devices);
      const isRaced = randomInt(4) === 0;
      const outcomes = await Promise.all(
        isRaced
          ? [this.#send(join, 0), this.#send(join, this.#pools.length - 1)]
          : [this.#send(join, randomInt(this.#pools.length))],
      );
      unanswered = outcomes.includes(undefined) ? join : undefined;
      if (unanswered !== undefined) await sleep(RETRY_MS);
    }
  }

  #next(devices: readonly TestDevice[]): SentJoin {
    const old = this.#sent.length > 0 && randomInt(8) === 0;
    if (old) return this.#sent[randomInt(this.#sent.length)] as SentJoin;
    const device = devices[randomInt(devices.length)] as TestDevice;
    const request = device.joinRequestUnder(device.currentKeys, this.#newDevNonce(device));
    const join = { device, request, body: joinReqBody(device, request) };
    this.#sent.push(join);
    return join;
  }

  /** Random before 1.0.4, a counter from there on. */
  #newDevNonce(device: TestDevice): number {
    if (device.macVersion === "1.0.4" || isLorawan11(device.macVersion)) return device.devNonce++;
    const used = this.#usedNonces.get(device) as Set<number>;
    for (;;) {
      const devNonce = randomInt(65_536);
      if (!used.has(devNonce)) {
        used.add(devNonce);
        return devNonce;
      }
    }
  }

  /** Whether it was accepted; undefined without an answer. */
  async #send(join: SentJoin, pool: number): Promise<boolean | undefined> {
    let status: number;
    let text: string;
    try {
      const { statusCode, body } = await (this.#pools[pool] as Pool).request({
        method: "POST",
        path: "/",
        headers: { "content-type": "application/json" },
        body: join.body,
        headersTimeout: 6_000,
        bodyTimeout: 6_000,
      });
      status = statusCode;
      text = await body.text();
    } catch {
      this.counts.unanswered++;
      return undefined;
    }
    return this.#judge(join, status, text);
  }

  #judge(join: SentJoin, status: number, text: string): boolean {
    const answer = status === 200 ? (JSON.parse(text) as Record<string, unknown>) : undefined;
    const result = answer?.["Result"] as { ResultCode: string; Description?: string } | undefined;
    if (result?.ResultCode === "Success") {
      this.#recordAccept(join, answer as Record<string, string>);
      return true;
    }
    // JoinReqFailed: the nonce was used. Other: the database does not answer.
    if (result !== undefined && ["JoinReqFailed", "Other"].includes(result.ResultCode)) {
      this.counts.refused++;
    } else {
      this.counts.odd.push(`HTTP ${status} ${text.slice(0, 200)}`);
    }
    return false;
  }

  #recordAccept({ device, request }: SentJoin, answer: Record<string, string>): void {
    const accept = device.receiveJoinAccept(request, parseHex(answer["PHYPayload"] as string));
    this.counts.accepted++;
    this.accepted.push({
      device,
      devNonce: request.nonce,
      joinNonce: accept.joinNonce,
      sessionKeyId: answer["SessionKeyID"] as string,
    });
  }
}

function joinReqBody(device: TestDevice, request: AirRequest): string {
  return JSON.stringify({
    ProtocolVersion: "1.0",
    SenderID: STORM_NET_ID,
    ReceiverID: device.joinEui,
    TransactionID: 1,
    MessageType: "JoinReq",
    MACVersion: device.macVersion,
    PHYPayload: formatHex(request.phyPayload),
    DevEUI: device.devEui,
    DevAddr: "02000001",
    DLSettings: isLorawan11(device.macVersion) ? "80" : "00",
    RxDelay: 1,
  });
}
