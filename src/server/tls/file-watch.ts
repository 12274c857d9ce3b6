import { statSync } from "node:fs";

/** How often files are looked at. */
const PERIOD_MS = 2_000;

/**
 * Calls back when one of the files has become another, and on SIGHUP. By looking at them now and then:
 * renewed certificates come by renaming and by symbolic links, which notifications of the system miss.
 *
 * @returns stops watching
 */
export function watchFiles(
  paths: readonly string[],
  onChange: () => void,
  periodMs = PERIOD_MS,
): () => void {
  let seen = stampOf(paths);
  const look = (): void => {
    const stamp = stampOf(paths);
    if (stamp === seen) return;
    seen = stamp;
    onChange();
  };
  const timer = setInterval(look, periodMs).unref();
  process.on("SIGHUP", onChange);
  return () => {
    clearInterval(timer);
    process.off("SIGHUP", onChange);
  };
}

function stampOf(paths: readonly string[]): string {
  return paths.map(stampOfFile).join();
}

function stampOfFile(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "absent" : `${stat.ino}/${stat.size}/${stat.mtimeMs}`;
}
