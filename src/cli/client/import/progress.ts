import { SingleBar } from "cli-progress";

/** Between two lines where there is no terminal to draw a bar on. */
const LINE_PERIOD_MS = 5_000;

/** How far something long is, on standard error. */
export interface Progress {
  /** @param done of the total, in the same unit */
  update(done: number): void;
  stop(): void;
}

/** Says nothing. */
export const silentProgress: Progress = { update: () => undefined, stop: () => undefined };

/** A bar on a terminal, else a line from time to time. */
export function showProgress(what: string, total: number): Progress {
  return process.stderr.isTTY ? bar(what, total) : lines(what, total);
}

function bar(what: string, total: number): Progress {
  const drawn = new SingleBar({
    stream: process.stderr,
    format: `${what} {bar} {percentage} %  {value}/{total}  {rate}/s  {left}`,
    hideCursor: true,
    barsize: 24,
    etaBuffer: 50,
  });
  const startedAt = performance.now();
  const fields = (done: number) => {
    const { rate, left } = speed(done, total, startedAt);
    return { rate, left };
  };
  drawn.start(total, 0, fields(0));
  return {
    update: (done) => drawn.update(done, fields(done)),
    stop: () => drawn.stop(),
  };
}

function lines(what: string, total: number): Progress {
  const startedAt = performance.now();
  let next = startedAt + LINE_PERIOD_MS;
  return {
    update: (done) => {
      if (performance.now() < next) return;
      next = performance.now() + LINE_PERIOD_MS;
      const { rate, left } = speed(done, total, startedAt);
      process.stderr.write(`${what}: ${done} of ${total}, ${rate}/s, ${left}\n`);
    },
    stop: () => undefined,
  };
}

function speed(done: number, total: number, startedAt: number): { rate: number; left: string } {
  const rate = done / Math.max(0.001, (performance.now() - startedAt) / 1000);
  const leftSeconds = Math.ceil((total - done) / Math.max(1, rate));
  const left = done === 0 ? "" : `${Math.floor(leftSeconds / 60)} min ${leftSeconds % 60} s left`;
  return { rate: Math.round(rate), left };
}
