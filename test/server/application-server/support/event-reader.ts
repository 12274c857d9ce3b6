export interface ShownEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of server-sent events. */
export class EventReader {
  readonly comments: string[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  #text = "";

  private constructor(response: Response, abort: AbortController) {
    if (response.body === null) throw new Error("no stream");
    this.#reader = response.body.getReader();
    this.#abort = abort;
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.headers.get("content-type") !== "text/event-stream") {
      throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    }
    return new EventReader(response, abort);
  }

  /** The next event; `undefined` at the end of the stream. */
  async next(): Promise<ShownEvent | undefined> {
    for (;;) {
      const block = await this.#block();
      if (block === undefined) return undefined;
      const lines = block.split("\n");
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field("data");
      if (data !== undefined) {
        return { id: field("id") ?? "", event: field("event") ?? "", data: JSON.parse(data) };
      }
      this.comments.push(block);
    }
  }

  async take(count: number): Promise<ShownEvent[]> {
    const events: ShownEvent[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (event === undefined) throw new Error(`the stream ended after ${events.length} events`);
      events.push(event);
    }
    return events;
  }

  close(): void {
    this.#abort.abort();
  }

  async #block(): Promise<string | undefined> {
    while (!this.#text.includes("\n\n")) {
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#text += Buffer.from(value).toString();
    }
    const [block = "", ...rest] = this.#text.split("\n\n");
    this.#text = rest.join("\n\n");
    return block;
  }
}
