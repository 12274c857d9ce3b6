import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";

/**
 * Tells of an error that nobody waits for.
 *
 * @param event what the log calls it; an error that is none of ours is a `defect`
 * @param about what it is about, such as `devEui`
 */
export function logFailure(
  logger: Logger,
  event: string,
  error: unknown,
  about: object = {},
): void {
  if (error instanceof WarrenError) {
    const { code: reason, message } = error;
    logger.warn({ event, ...about, reason }, message);
  } else {
    logger.error({ event: "defect", during: event, ...about, err: error }, "unexpected error");
  }
}
