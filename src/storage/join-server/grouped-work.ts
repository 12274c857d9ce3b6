/** What is done with a group of items, and when. */
export interface GroupedWorkOptions<Item, Outcome> {
  /**
   * Does it for all items, and says what became of each, in their order. No two have the same key. When it rejects,
   * `do` rejects for each of them with the same reason.
   */
  readonly work: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Items of the same key never are in one group: it is done for one after the other. */
  readonly keyOf: (item: Item) => string;
  readonly maxItems: number;
  /** Groups under way at a time. */
  readonly maxUnderWay: number;
  /** Items that have waited for so long before their group begins are given up, the oldest first. */
  readonly maxWaitMs: number;
  /** What an item is given up with. */
  readonly tooLate: () => Error;
  /** After such an error nobody waits on: who has come meanwhile would only find it again, later. */
  readonly isForAll: (error: unknown) => boolean;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  /** Milliseconds on the monotonic clock. */
  readonly since: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work that costs little more for many items than for one: what comes while other items are under way waits for them, and
 * is then done together, such as written in one transaction with one wait for the disk (group commit), or read by
 * one statement. What comes when nothing is under way does not wait for more.
 */
export class GroupedWork<Item, Outcome> {
  readonly #options: GroupedWorkOptions<Item, Outcome>;
  #waiting: Waiting<Item, Outcome>[] = [];
  #underWay = 0;
  #isStarting = false;
  #giveUpTimer: NodeJS.Timeout | undefined;

  constructor(options: GroupedWorkOptions<Item, Outcome>) {
    this.#options = options;
  }

  /** Resolves with what became of the item. Rejects as `work` does, or with `tooLate`. */
  do(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, since: performance.now(), resolve, reject });
      this.#startSoon();
    });
  }

  /** At the end of this turn of the event loop: several requests often arrive with one read. */
  #startSoon(): void {
    if (this.#isStarting) return;
    if (this.#underWay >= this.#options.maxUnderWay) {
      this.#giveUpTimer ??= this.#giveUpIn(this.#options.maxWaitMs);
      return;
    }
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      while (this.#waiting.length > 0 && this.#underWay < this.#options.maxUnderWay) {
        void this.#workOn(this.#takeGroup());
      }
      if (this.#waiting.length > 0) this.#startSoon();
    });
  }

  /** The oldest ones; those of a key that is in the group already stay. */
  #takeGroup(): Waiting<Item, Outcome>[] {
    const { keyOf, maxItems } = this.#options;
    const keys = new Set<string>();
    const group: Waiting<Item, Outcome>[] = [];
    const left: Waiting<Item, Outcome>[] = [];
    let looked = 0;
    for (const waiting of this.#waiting) {
      if (group.length === maxItems) break;
      looked += 1;
      const key = keyOf(waiting.item);
      (keys.has(key) ? left : group).push(waiting);
      keys.add(key);
    }
    this.#waiting = [...left, ...this.#waiting.slice(looked)];
    return group;
  }

  async #workOn(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    this.#underWay += 1;
    try {
      const outcomes = await this.#options.work(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(outcomes[index] as Outcome);
    } catch (error) {
      const given = this.#options.isForAll(error) ? [...group, ...this.#waiting] : group;
      if (given !== group) this.#waiting = [];
      for (const { reject } of given) reject(error);
    } finally {
      this.#underWay -= 1;
      if (this.#waiting.length > 0) this.#startSoon();
    }
  }

  #giveUp(): void {
    this.#giveUpTimer = undefined;
    const latest = performance.now() - this.#options.maxWaitMs;
    const kept = this.#waiting.findIndex(({ since }) => since > latest);
    const late = kept === -1 ? this.#waiting.splice(0) : this.#waiting.splice(0, kept);
    for (const { reject } of late) reject(this.#options.tooLate());
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    this.#giveUpTimer = this.#giveUpIn(Math.max(1, oldest.since - latest));
  }

  #giveUpIn(waitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#giveUp(), waitMs).unref();
  }
}
