/**
 * Erases what must not be left behind, also where the process ends before it is done.
 *
 * @param erase synchronous; may be called twice
 * @returns to be called when it is done
 */
export function eraseAtExit(erase: () => void): () => void {
  process.once("exit", erase);
  return () => {
    process.off("exit", erase);
    erase();
  };
}
