/**
 * Keeps datagrams back while a batch of work is going on, so that none leaves before what the batch has
 * stored is durable.
 */
export class HeldSends {
  #held: (() => void)[] | undefined;

  /** Sends now, or after the batch under way. */
  send(send: () => void): void {
    if (this.#held === undefined) send();
    else this.#held.push(send);
  }

  /** Does a batch, then sends what was held back; nothing of it when the batch throws. */
  during(batch: () => void): void {
    const held: (() => void)[] = [];
    this.#held = held;
    try {
      batch();
    } finally {
      this.#held = undefined;
    }
    for (const send of held) send();
  }
}
