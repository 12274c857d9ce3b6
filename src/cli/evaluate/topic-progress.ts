import { Presets, SingleBar } from "cli-progress";
import type { Progress } from "../../evaluation/topic.ts";

/** Between two lines where there is no terminal to draw a bar on. */
const LINE_PERIOD_MS = 5_000;
/** Of a piece of work, so that bars stand below one another. */
const WHAT_WIDTH = 34;

/** Shows how far an evaluation is: a bar for each piece of work on a terminal, else a line now and then. */
export class TopicProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #what = "";
  #done = 0;
  #steps = 0;
  #startedAt = 0;
  #lineAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  beginTopic(title: string, position: number, count: number): void {
    this.say(`[${position}/${count}] ${title}`);
  }

  endTopic(seconds: number): void {
    this.say(`      done in ${formatSeconds(1000 * seconds)}`);
  }

  begin(what: string, steps: number): void {
    this.stop();
    this.#what = what;
    this.#steps = steps;
    this.#done = 0;
    this.#startedAt = performance.now();
    this.#lineAt = this.#startedAt;
    if (!this.#stream.isTTY) return;
    const format = "      {what} {bar} {percentage} %  {left}";
    this.#bar = new SingleBar(
      { stream: this.#stream, format, barsize: 24, hideCursor: true, clearOnComplete: true },
      Presets.shades_classic,
    );
    this.#bar.start(steps, 0, this.#fields());
  }

  advance(steps: number): void {
    this.#done += steps;
    this.#bar?.update(this.#done, this.#fields());
    const isDue = performance.now() - this.#lineAt >= LINE_PERIOD_MS;
    if (this.#bar !== undefined || !isDue) return;
    this.#lineAt = performance.now();
    this.#stream.write(`      ${this.#what}: ${this.#done} of ${this.#steps}, ${this.#left()}\n`);
  }

  /** A line of its own. */
  say(text: string): void {
    this.stop();
    this.#stream.write(`${text}\n`);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #fields(): { readonly what: string; readonly left: string } {
    return { what: this.#what.padEnd(WHAT_WIDTH), left: this.#left() };
  }

  #left(): string {
    if (this.#done === 0) return "";
    const perStepMs = (performance.now() - this.#startedAt) / this.#done;
    return `${formatSeconds(perStepMs * Math.max(0, this.#steps - this.#done))} left`;
  }
}

function formatSeconds(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
