/**
 * Stable, machine-readable reasons for every expected failure. Log, count and switch on these, never
 * on the message.
 */
export type ErrorCode =
  // bytes and text that do not have the shape they should
  | "frame-too-short"
  | "frame-too-long"
  | "frame-malformed"
  | "text-malformed"
  | "value-out-of-range"
  // cryptography
  | "mic-mismatch"
  | "frame-replayed"
  | "key-unwrap-failed"
  | "key-malformed"
  // joins and rejoins
  | "device-unknown"
  | "dev-nonce-replayed"
  | "rj-count-replayed"
  | "rejoin-too-often"
  | "join-nonce-exhausted"
  | "root-key-missing"
  | "version-contradiction"
  | "identity-contradiction"
  | "activation-disallowed"
  | "device-disabled"
  // root key updates
  | "update-id-exhausted"
  | "update-not-allowed"
  | "update-not-found"
  | "f-port-contradiction"
  | "update-not-deliverable"
  | "suite-not-allowed"
  | "campaign-not-allowed"
  // servers
  | "request-malformed"
  | "protocol-version-unknown"
  | "sender-unknown"
  | "receiver-unknown"
  | "peer-not-allowed"
  | "rate-limited"
  | "unauthorized"
  | "forbidden"
  | "csrf-token-missing"
  | "cross-site-request"
  | "too-many-failures"
  | "resource-unknown"
  | "precondition-failed"
  | "nonce-reset-refused"
  | "session-unknown"
  | "peer-unreachable"
  | "peer-answer-malformed"
  | "peer-refused"
  | "write-conflict"
  | "downlink-refused"
  // running the program
  | "port-in-use"
  | "configuration-invalid"
  | "storage-failed"
  | "audit-log-broken"
  | "vault-unavailable"
  | "vault-key-unknown"
  | "sealed-value-damaged"
  | "master-key-missing"
  | "master-key-wrong"
  | "data-folder-in-use";

/** Every expected failure of this project. Anything else that is thrown is a bug. */
export class WarrenError extends Error {
  readonly code: ErrorCode;

  /** `message` is for people and never holds a key; `options.cause` keeps the inner error. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WarrenError";
    this.code = code;
  }
}
