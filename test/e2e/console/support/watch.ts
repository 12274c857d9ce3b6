import type { BrowserContext, ConsoleMessage, Page, Response } from "playwright-core";

/** A browser tells every answer that is a refusal as an error. This one is how the console learns who is there. */
const NOBODY_IS_SIGNED_IN = { status: 401, path: "/api/v1/session" } as const;

/**
 * What browsers said and were sent, of all pages: errors and violations of the Content-Security-Policy,
 * addresses outside the server, and the octets of every answer and every event.
 */
export class Watch {
  readonly problems: string[] = [];
  readonly foreignUrls: string[] = [];
  /** Every address that was asked for. */
  readonly urls: string[] = [];
  readonly #origin: string;
  readonly #expected: { readonly status: number; readonly path: string }[] = [NOBODY_IS_SIGNED_IN];
  readonly #received: Buffer[] = [];
  readonly #reading = new Set<Promise<void>>();

  /** @param origin of the server, such as `http://127.0.0.1:7071` */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Looks at every page of a context from now on. */
  add(context: BrowserContext): void {
    // One that is closed before it was listened to has had no events.
    context.on("page", (page) => void this.#listenToEvents(page).catch(() => undefined));
    context.on("console", (message) => this.#hear(message));
    context.on("weberror", (error) => this.problems.push(`${error.error().stack}`));
    context.on("request", (request) => {
      const url = request.url();
      this.urls.push(url);
      if (!(url.startsWith(this.#origin) || url.startsWith("data:"))) this.foreignUrls.push(url);
    });
    context.on("response", (response) => this.#read(response));
  }

  /** A refusal that a test brings about: no error of the page. */
  expectRefusal(status: number, path: string): void {
    this.#expected.push({ status, path });
  }

  /** All that was received so far. */
  async received(): Promise<Buffer> {
    await Promise.all(this.#reading);
    return Buffer.concat(this.#received.flatMap((octets) => [octets, Buffer.from("\n")]));
  }

  #hear(message: ConsoleMessage): void {
    if (message.type() !== "error") return;
    const { url } = message.location();
    const isExpected = this.#expected.some(
      ({ status, path }) =>
        url.startsWith(`${this.#origin}${path}`) && message.text().includes(`status of ${status}`),
    );
    if (isExpected) return;
    this.problems.push(`${message.text()} (${url}, on ${message.page()?.url()})`);
  }

  #read(response: Response): void {
    const isStream = response.headers()["content-type"]?.startsWith("text/event-stream") ?? false;
    this.#received.push(Buffer.from(JSON.stringify(response.headers())));
    if (isStream) return;
    const reading = response
      .body()
      .then((body) => void this.#received.push(body))
      // Of an answer without a body, or of a page that was left before it came.
      .catch(() => undefined)
      .finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }

  /** A stream has no body that ends: its events are taken one by one. */
  async #listenToEvents(page: Page): Promise<void> {
    const devTools = await page.context().newCDPSession(page);
    devTools.on("Network.eventSourceMessageReceived", ({ data }) => {
      this.#received.push(Buffer.from(data));
    });
    await devTools.send("Network.enable");
  }
}
