/**
 * What a role needs of a logger; pino fits. `fields.event` is a constant name such as
 * `join-accepted`, `fields.devEui` binds the device. Keys never go in, whole or in part; key
 * fingerprints may.
 */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
