/** A refusal of the server, or a server that was not reached. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** As in docs/errors.md: `device-unknown`; `server-unreachable` when nothing answered. */
  readonly code: string;
  /** HTTP status; 0 when nothing answered. */
  readonly status: number;

  /** @param detail what to do, in a sentence for the user */
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** What to say to a user of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
