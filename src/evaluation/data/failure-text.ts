/** Absolute paths, as they stand in messages of the file system, the linker or a compiler. */
const PATH = /(?:file:\/\/|\b[A-Za-z]:\\|(?<![\w.~/])\/)[^\s'"`:,;()]+/g;

/** Why something failed, for a report that others read: the message without stack and without paths. */
export function textOfFailure(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return message.replace(PATH, "<path>");
}
