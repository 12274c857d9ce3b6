import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What came of a request. */
export type Outcome = "accepted" | "refused" | "dropped" | "failed";

/**
 * One keep-alive connection of a Network Server, one request at a time. No HTTP client: the load must cost
 * less than what is measured.
 */
export class JoinConnection {
  readonly #socket: Socket;
  readonly #head: string;
  #answer = "";
  #done: ((outcome: Outcome) => void) | undefined;

  constructor(port: number) {
    this.#head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: `;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (chunk: string) => this.#receive(chunk));
    this.#socket.on("error", () => this.#end("failed"));
    this.#socket.on("close", () => this.#end("failed"));
  }

  async opened(): Promise<void> {
    if (this.#socket.connecting) await once(this.#socket, "connect");
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed;
  }

  send(body: string, done: (outcome: Outcome) => void): void {
    this.#done = done;
    this.#socket.write(`${this.#head}${body.length}\r\n\r\n${body}`, "latin1");
  }

  /** As one that has waited long enough. */
  close(): void {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    this.#answer = this.#answer === "" ? chunk : this.#answer + chunk;
    const headEnd = this.#answer.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const [, length = "0"] = /^content-length: *(\d+)/im.exec(this.#answer) ?? [];
    if (this.#answer.length < headEnd + 4 + Number(length)) return;
    const outcome = outcomeOf(this.#answer);
    this.#answer = "";
    this.#end(outcome);
  }

  #end(outcome: Outcome): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(outcome);
  }
}

function outcomeOf(answer: string): Outcome {
  if (answer.startsWith("HTTP/1.1 503")) return "dropped";
  return answer.includes('"ResultCode":"Success"') ? "accepted" : "refused";
}
