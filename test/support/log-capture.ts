import { Writable } from "node:stream";
import { type Logger as PinoLogger, pino } from "pino";

/** A pino logger of the lowest level and every line it wrote, as text. */
export interface LogCapture {
  readonly logger: PinoLogger;
  readonly lines: string[];
}

export function captureLog(): LogCapture {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { logger: pino({ level: "trace" }, stream), lines };
}
