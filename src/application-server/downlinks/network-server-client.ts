import { WarrenError } from "../../errors.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { EncryptedDownlink, NetworkServerPort } from "./network-server-port.ts";

const COUNTER_MAX = 2 ** 32 - 1;
/** Under the time a stopping process waits for its requests. */
const TIMEOUT_MS = 4_000;

/** The Network Server over HTTP (wire-protocols.md, "Application Server to Network Server"). */
export class NetworkServerClient implements NetworkServerPort {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param url such as `http://127.0.0.1:7080`
   * @param token what the Network Server asks for, if it does
   */
  constructor(url: string, token?: string) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
  }

  async reserveFCntDown(devEui: Eui64, sessionKeyId: string): Promise<number> {
    const answer = await this.#post("/application-server/downlink-counters", {
      DevEUI: devEui,
      SessionKeyID: sessionKeyId,
    });
    const fCntDown = (answer as { FCntDown?: unknown } | null)?.FCntDown;
    if (!isCounter(fCntDown)) {
      throw new WarrenError("peer-answer-malformed", "the Network Server reserved no FCntDown");
    }
    return fCntDown;
  }

  async sendDownlink(downlink: EncryptedDownlink): Promise<void> {
    await this.#post("/application-server/downlinks", {
      DevEUI: downlink.devEui,
      SessionKeyID: downlink.sessionKeyId,
      DownlinkID: downlink.downlinkId,
      FPort: downlink.fPort,
      FCntDown: downlink.fCntDown,
      Confirmed: downlink.isConfirmed,
      FRMPayload: formatHex(downlink.frmPayload),
    });
  }

  async #post(path: string, body: Record<string, unknown>): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw new WarrenError(
        "peer-unreachable",
        `the Network Server at ${this.#url} does not answer`,
        { cause: error },
      );
    }
    if (!response.ok) throw refusal(response.status, parseJson(text));
    return parseJson(text);
  }
}

function isCounter(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= COUNTER_MAX;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error for an answer other than 2xx: by the `title` of its problem details. */
function refusal(status: number, problem: unknown): WarrenError {
  const { title, detail } = (problem ?? {}) as { title?: unknown; detail?: unknown };
  const words = typeof detail === "string" ? `: ${detail.slice(0, 200)}` : "";
  if (status === 409 && (title === "session-unknown" || title === "downlink-refused")) {
    return new WarrenError(title, `the Network Server refused the downlink${words}`);
  }
  return new WarrenError("peer-refused", `the Network Server answered HTTP ${status}${words}`);
}
