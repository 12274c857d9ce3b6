/** Absolute paths, as they stand in messages of the file system, the linker or a compiler. */
const PATH = /(?:file:\/\/|\b[A-Za-z]:\\|(?<![\w.~/])\/)[^\s'"`:,;()]+/g;

/** Why something failed, for a report that others read: the message without stack and without paths. */
export function textOfFailure(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return withoutPaths(message);
}

/** A message of another program, for the report: what it says of this machine's folders is left out. */
export function withoutPaths(message: string): string {
  return message.replace(PATH, "<path>");
}
