import type { HttpApp } from "./http-app.ts";
import { problem } from "./problem-details.ts";

/** For how long an answer holds, so that whoever asks without end does not keep the database busy. */
const ANSWER_HOLDS_MS = 500;
const PROBE_TIMEOUT_MS = 1_000;

/** Whether the server can do its work: it has started, its database answers, and it is not about to stop. */
export class Readiness {
  readonly #probe: () => Promise<boolean>;
  #phase: "starting" | "started" | "stopping" = "starting";
  #answer: Promise<boolean> | undefined;

  /** @param probe asks the database; an error counts as no */
  constructor(probe: () => Promise<boolean>) {
    this.#probe = probe;
  }

  /** All listeners are up. */
  started(): void {
    if (this.#phase === "starting") this.#phase = "started";
  }

  /** From now on never ready again. */
  stop(): void {
    this.#phase = "stopping";
  }

  async isReady(): Promise<boolean> {
    if (this.#phase !== "started") return false;
    if (this.#answer === undefined) {
      this.#answer = this.#ask();
      setTimeout(() => {
        this.#answer = undefined;
      }, ANSWER_HOLDS_MS).unref();
    }
    return (await this.#answer) && this.#phase === "started";
  }

  /** Why it is not ready, for `GET /readyz`. */
  get reason(): string {
    if (this.#phase === "started") return "the database does not answer";
    return this.#phase === "starting" ? "the server is starting" : "the server is stopping";
  }

  async #ask(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.#probe(), tooLate]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** `GET /readyz`: 200 while requests should come here, else 503. Asks for no token and says no more. */
export function addReadyRoute(app: HttpApp, readiness: Readiness): void {
  app.get("/readyz", { config: { right: "public" } }, async (_request, reply) =>
    (await readiness.isReady())
      ? { status: "ok" }
      : problem(reply, 503, "not-ready", readiness.reason),
  );
}
