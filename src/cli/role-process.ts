import { constants } from "node:os";
import { join } from "node:path";
import type { Logger as PinoLogger } from "pino";
import { selectedAes } from "../crypto/aes-core/select-engine.ts";
import { WarrenError } from "../errors.ts";
import { lockFile } from "../storage/sqlite-database.ts";
import { createLogger } from "./log/create-logger.ts";
import { hideSecretsInText } from "./log/hide-secrets.ts";

/** A started role: where it listens, and how to stop it. */
export interface RunningRole {
  /** Names to addresses, such as `{ backend: "http://127.0.0.1:7070" }`; printed once it is ready. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Finishes what is under way and closes sockets and files. */
  close(): Promise<void>;
}

/** How a role runs as a process. */
export interface RoleProcessOptions {
  readonly logLevel: string;
  /** Its data folder. */
  readonly data: string;
  /** False: several processes may share the data folder. */
  readonly isAlone?: boolean;
}

/** How long a role may take to finish what is under way before the process ends all the same. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Runs one role as this process, alone in its data folder, until SIGINT or SIGTERM: logs as JSON lines on
 * standard output, the first one of event `ready` with the addresses. Exit status 0 after a clean stop, 1
 * after a failure. A second signal ends it at once.
 */
export async function runRole(
  role: string,
  { logLevel, data, isAlone = true }: RoleProcessOptions,
  start: (logger: PinoLogger) => Promise<RunningRole>,
): Promise<void> {
  const logger = createLogger(role, logLevel);
  endOnDefects(logger);
  const stopped = stopReason();
  let release: (() => void) | undefined;
  try {
    // Two processes that keep a device's state in memory would each write over the other's.
    if (isAlone) release = lockFile(join(data, "lock"));
    const running = await start(logger);
    // Written past the log level: whoever started the process waits for it.
    process.stdout.write(
      `${JSON.stringify({ role, event: "ready", addresses: running.addresses })}\n`,
    );
    warnOfSlowAes(logger);
    const reason = await stopped;
    logger.info({ event: "stopping", reason });
    await closeInTime(running, logger);
  } catch (error) {
    process.stderr.write(`warren ${role}: ${textOf(error)}\n`);
    process.exitCode = 1;
  } finally {
    release?.();
    // An open channel to a parent would keep the process alive.
    if (process.connected) process.disconnect();
  }
}

/** A role works without the AES core in WebAssembly, but its operator should know why it is slow. */
function warnOfSlowAes(logger: PinoLogger): void {
  const { engine, reason } = selectedAes();
  if (reason !== undefined)
    logger.warn({ event: "aes-core-unusable", engine: engine.name }, reason);
}

/** The first reason to stop: a signal, or the end of the parent. */
function stopReason(): Promise<string> {
  const stopped = Promise.withResolvers<string>();
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // As the shell calls the end by a signal.
      if (isStopping) process.exit(128 + constants.signals[signal]);
      isStopping = true;
      stopped.resolve(signal);
    });
  }
  // A parent that dies takes its pipe along; without this an orphan would live on.
  process.once("disconnect", () => stopped.resolve("disconnect"));
  return stopped.promise;
}

/** After a defect nothing is certain any more: what is on disk is right, and a new process starts from it. */
function endOnDefects(logger: PinoLogger): void {
  process.once("uncaughtException", (error, origin) => {
    logger.fatal({ event: "defect", origin, err: error }, "ended by a defect");
    process.exit(1);
  });
}

function textOf(error: unknown): string {
  if (error instanceof WarrenError) return `${error.message} (${error.code})`;
  return hideSecretsInText(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

async function closeInTime(running: RunningRole, logger: PinoLogger): Promise<void> {
  const timer = setTimeout(() => {
    logger.warn({ event: "stop-forced" }, "requests did not finish in time");
    process.exit(1);
  }, CLOSE_TIMEOUT_MS);
  await running.close();
  clearTimeout(timer);
}
