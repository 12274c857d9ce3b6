import { Presets, SingleBar } from "cli-progress";

/** Between two lines where there is no terminal to draw a bar on. */
const LINE_PERIOD_MS = 5_000;

/** Shows how far a sweep is: a bar on a terminal, else a line now and then. */
export class SweepProgress {
  done = 0;
  total = 0;
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar | undefined;
  #startedAt: number | undefined;
  #lineAt = 0;
  /** What the last line said. */
  #shown = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    if (!stream.isTTY) return;
    const format =
      "{bar} {percentage}% | {value} of {total} records | {rate} a second | {left} left";
    this.#bar = new SingleBar({ stream, format, barsize: 30 }, Presets.shades_classic);
  }

  show(done: number, total: number): void {
    this.done = done;
    this.total = total;
    if (this.#startedAt === undefined) {
      this.#startedAt = performance.now();
      this.#bar?.start(total, done, this.#speed());
      if (this.#bar === undefined) this.#line();
    } else {
      this.#bar?.update(done, this.#speed());
      const isDue = performance.now() - this.#lineAt >= LINE_PERIOD_MS;
      if (this.#bar === undefined && isDue) this.#line();
    }
  }

  end(): void {
    this.#bar?.stop();
    if (this.#bar === undefined && this.done !== this.#shown) this.#line();
  }

  #line(): void {
    this.#lineAt = performance.now();
    this.#shown = this.done;
    const { rate, left } = this.#speed();
    const speed = this.done === 0 ? "" : `, ${rate} a second, ${left} left`;
    this.#stream.write(`${this.done} of ${this.total} records${speed}\n`);
  }

  #speed(): { readonly rate: number; readonly left: string } {
    const perMs = this.done / Math.max(1, performance.now() - (this.#startedAt ?? 0));
    const left = this.done === 0 ? "?" : formatSeconds((this.total - this.done) / perMs);
    return { rate: Math.round(1000 * perMs), left };
  }
}

function formatSeconds(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
