import { readFileSync } from "node:fs";
import { WarrenError } from "../../errors.ts";

const TIMEOUT_MS = 10_000;

/** The administration API of one role, as any operator's program would use it. */
export class RoleApi {
  readonly #baseUrl: string;
  readonly #tokenFile: string;

  /** @param tokenFile the role's `admin-token`; it exists once the role is ready */
  constructor(baseUrl: string, tokenFile: string) {
    this.#baseUrl = baseUrl;
    this.#tokenFile = tokenFile;
  }

  /** @throws WarrenError `peer-unreachable`, `peer-refused` with the problem's detail */
  async request<T>(method: string, path: string, body?: object): Promise<T> {
    const url = `${this.#baseUrl}/api/v1${path}`;
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${readFileSync(this.#tokenFile, "utf8").trim()}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new WarrenError("peer-unreachable", `no answer from ${url}`, { cause: error });
    }
    const text = await response.text();
    if (!response.ok) {
      throw new WarrenError("peer-refused", `${method} ${url}: HTTP ${response.status} ${text}`);
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.request("GET", path);
  }
}
