import { setTimeout as sleep } from "node:timers/promises";
import { WarrenError } from "../../../errors.ts";
import type { PeerRoute } from "../../../join-server/peers.ts";
import type { Logger } from "../../../logger.ts";
import type { PeerConnections } from "./peer-connections.ts";

/** Nobody waits longer for an answer: JOIN_ACCEPT_DELAY1, and ChirpStack's time-out. */
const USEFUL_MS = 5_000;
const FIRST_PAUSE_MS = 200;
/** How long a stop waits for answers that find nobody to take them. */
const STOP_MS = 2_000;
/** Answers under way; more are dropped, since whoever takes none would fill the memory. */
const MAX_UNDER_WAY = 2_000;

/**
 * Takes answers to peers that want them as requests of their own. They find the question by TransactionID.
 * An answer that cannot be handed over is tried again for as long as somebody may wait for it.
 */
export class AsyncAnswers {
  readonly #connections: PeerConnections;
  readonly #logger: Logger;
  readonly #underWay = new Set<Promise<void>>();

  constructor(connections: PeerConnections, logger: Logger) {
    this.#connections = connections;
    this.#logger = logger;
  }

  /** @param making the answer, which may take a while yet; never rejects */
  send(route: PeerRoute, making: Promise<Record<string, unknown>>): void {
    if (this.#underWay.size >= MAX_UNDER_WAY) {
      this.#logger.warn({ event: "answer-dropped", url: route.url }, "too many answers under way");
      return;
    }
    const sent = this.#send(route, making).finally(() => this.#underWay.delete(sent));
    this.#underWay.add(sent);
  }

  /** Resolves when nothing is under way any more, or after a while. */
  async settled(): Promise<void> {
    if (this.#underWay.size === 0) return;
    await Promise.race([Promise.all(this.#underWay), sleep(STOP_MS, undefined, { ref: false })]);
  }

  async #send(route: PeerRoute, making: Promise<Record<string, unknown>>): Promise<void> {
    const deadline = Date.now() + USEFUL_MS;
    const answer = await making;
    let problem = "no time was left";
    for (let pause = FIRST_PAUSE_MS; Date.now() < deadline; pause *= 2) {
      const outcome = await this.#post(route, answer, deadline - Date.now());
      if (outcome === undefined) return;
      problem = outcome;
      await sleep(Math.min(pause, Math.max(0, deadline - Date.now())));
    }
    const { MessageType: messageType, TransactionID: transactionId } = answer;
    const fields = { event: "answer-not-delivered", messageType, transactionId, url: route.url };
    this.#logger.warn(fields, problem);
  }

  /** What went wrong, undefined when nothing did. What the peer writes back means nothing. */
  async #post(route: PeerRoute, answer: object, timeoutMs: number): Promise<string | undefined> {
    try {
      const { status } = await this.#connections.to(route).post(answer, timeoutMs);
      return status >= 200 && status < 300 ? undefined : `the peer answered HTTP ${status}`;
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      // Too long an answer was an answer.
      return error.code === "peer-answer-malformed" ? undefined : error.message;
    }
  }
}
