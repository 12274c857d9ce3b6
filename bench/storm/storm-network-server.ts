import { JoinConnection, type Outcome } from "./join-connection.ts";

/** Opened before the storm: opening them is not what is measured. */
const MAX_CONNECTIONS = 2_000;
const OPENED_AT_ONCE = 100;

/** What a Network Server says of a Join-request in the end, and after how long. */
export type JoinResult = (outcome: Outcome | "late", latencyMs: number) => void;

interface Question {
  readonly body: string;
  readonly askedAt: number;
  readonly result: JoinResult;
}

interface InUse {
  readonly connection: JoinConnection;
  readonly question: Question;
}

/** Passes JoinReqs on, and gives up on an answer that would come after the receive window. */
export class StormNetworkServer {
  readonly #port: number;
  readonly #deadlineMs: number;
  readonly #idle: JoinConnection[] = [];
  /** In the order they were asked. */
  readonly #inUse = new Set<InUse>();
  #waiting: Question[] = [];
  #nextWaiting = 0;

  constructor(port: number, deadlineMs: number) {
    this.#port = port;
    this.#deadlineMs = deadlineMs;
  }

  /** Opens all connections, some at a time. */
  async open(): Promise<void> {
    while (this.#idle.length < MAX_CONNECTIONS) {
      const some = Array.from({ length: OPENED_AT_ONCE }, () => new JoinConnection(this.#port));
      await Promise.all(some.map((connection) => connection.opened()));
      this.#idle.push(...some);
    }
  }

  ask(body: string, result: JoinResult): void {
    const question = { body, askedAt: performance.now(), result };
    if (this.#idle.length === 0 && this.#inUse.size >= MAX_CONNECTIONS) {
      this.#waiting.push(question);
      return;
    }
    this.#send(question);
  }

  /** To be called every few milliseconds: those that have waited too long are given up. */
  giveUp(): void {
    const now = performance.now();
    for (const used of this.#inUse) {
      if (now - used.question.askedAt < this.#deadlineMs) break;
      this.#inUse.delete(used);
      used.connection.close();
      used.question.result("late", now - used.question.askedAt);
    }
    this.#sendWaiting();
  }

  close(): void {
    for (const connection of this.#idle) connection.close();
    for (const { connection } of this.#inUse) connection.close();
  }

  #sendWaiting(): void {
    while (this.#inUse.size < MAX_CONNECTIONS) {
      const question = this.#waiting[this.#nextWaiting];
      if (question === undefined) break;
      this.#nextWaiting += 1;
      const waitedMs = performance.now() - question.askedAt;
      if (waitedMs >= this.#deadlineMs) question.result("late", waitedMs);
      else this.#send(question);
    }
    if (this.#nextWaiting === this.#waiting.length) {
      this.#waiting = [];
      this.#nextWaiting = 0;
    }
  }

  #send(question: Question): void {
    const connection = this.#takeIdle() ?? new JoinConnection(this.#port);
    const used = { connection, question };
    this.#inUse.add(used);
    connection.send(question.body, (outcome) => {
      this.#inUse.delete(used);
      if (connection.isUsable) this.#idle.push(connection);
      question.result(outcome, performance.now() - question.askedAt);
      this.#sendWaiting();
    });
  }

  #takeIdle(): JoinConnection | undefined {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.isUsable) return last;
    }
    return undefined;
  }
}
