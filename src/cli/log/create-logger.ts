import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { hideSecretsInFields, hideSecretsInText } from "./hide-secrets.ts";

/** Lines wait in memory while the reader of the log is slow; beyond this they are dropped. */
const WAITING_MAX_BYTES = 16 * 2 ** 20;

/**
 * The log of a role: JSON lines on standard output. Members that could be secrets are cut out by name, and
 * everything else goes through a filter for what looks like one. Writing does not hold up the program.
 *
 * @param destination default: standard output
 */
export function createLogger(
  role: string,
  level: string,
  destination: DestinationStream = standardOutput(),
): PinoLogger {
  return pino(
    {
      level,
      base: { role },
      // Only at the top: paths with wildcards would cost more than the rest of a join.
      redact: {
        paths: ["authorization", "token", "password", "secret", "kek", "key", "nwkKey", "appKey"],
        censor: "<hidden>",
      },
      // The filter has made plain members of the errors already.
      serializers: { err: (error: unknown) => error },
      formatters: { log: hideSecretsInFields },
      hooks: {
        logMethod(args, method) {
          method.apply(this, withoutSecrets(args) as typeof args);
        },
      },
    },
    destination,
  );
}

function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, maxLength: WAITING_MAX_BYTES });
}

/** Arguments of a log call: texts, and a message wherever pino would take that of an error. */
function withoutSecrets([fields, ...texts]: readonly unknown[]): unknown[] {
  const shown = texts.map((text) => (typeof text === "string" ? hideSecretsInText(text) : text));
  if (typeof fields === "string") return [hideSecretsInText(fields), ...shown];
  const error = fields instanceof Error ? fields : (fields as { err?: unknown } | undefined)?.err;
  if (!(error instanceof Error)) return [fields, ...shown];
  const message = shown.length > 0 ? shown : [hideSecretsInText(error.message)];
  return [fields instanceof Error ? { err: error } : fields, ...message];
}
