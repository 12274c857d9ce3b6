import { join } from "node:path";
import { type Logger as PinoLogger, pino } from "pino";
import { WarrenError } from "../errors.ts";
import { lockFile } from "../storage/sqlite-database.ts";

/** A started role: where it listens, and how to stop it. */
export interface RunningRole {
  /** Names to addresses, such as `{ backend: "http://127.0.0.1:7070" }`; printed once it is ready. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Finishes what is under way and closes sockets and files. */
  close(): Promise<void>;
}

/** How long a role may take to finish what is under way before the process ends all the same. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Runs one role as this process, alone in its data folder, until SIGINT or SIGTERM: logs as JSON lines on standard output, the
 * first one of event `ready` with the addresses. Exit status 0 after a clean stop, 1 after a failure.
 */
export async function runRole(
  role: string,
  { logLevel, data }: { readonly logLevel: string; readonly data: string },
  start: (logger: PinoLogger) => Promise<RunningRole>,
): Promise<void> {
  const logger = pino({ level: logLevel, base: { role } });
  const stopped = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stopped.resolve);
  // A parent that dies takes its pipe along; without this an orphan would live on.
  process.once("disconnect", () => stopped.resolve("disconnect"));
  let release: (() => void) | undefined;
  try {
    // Two processes that keep a device's state in memory would each write over the other's.
    release = lockFile(join(data, "lock"));
    const running = await start(logger);
    // Written past the log level: whoever started the process waits for it.
    process.stdout.write(
      `${JSON.stringify({ role, event: "ready", addresses: running.addresses })}\n`,
    );
    const reason = await stopped.promise;
    logger.info({ event: "stopping", reason });
    await closeInTime(running, logger);
    process.exitCode = 0;
  } catch (error) {
    if (error instanceof WarrenError) {
      process.stderr.write(`warren ${role}: ${error.message} (${error.code})\n`);
    } else {
      process.stderr.write(
        `warren ${role}: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
    }
    process.exitCode = 1;
  } finally {
    release?.();
    // An open channel to a parent would keep the process alive.
    if (process.connected) process.disconnect();
  }
}

async function closeInTime(running: RunningRole, logger: PinoLogger): Promise<void> {
  const timer = setTimeout(() => {
    logger.warn({ event: "stop-forced" }, "requests did not finish in time");
    process.exit(1);
  }, CLOSE_TIMEOUT_MS);
  await running.close();
  clearTimeout(timer);
}
