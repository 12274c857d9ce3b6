import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const PAGE_BYTES = 4096;
const PAGEMAP_ENTRY_BYTES = 8;
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * The memory of another process, in chunks: every writable region, and of those the pages that exist. Code
 * and files mapped for reading are left out, since nothing the process computes can be there.
 *
 * @param overlapBytes each chunk goes on so far into the next, so that nothing hides at a border
 */
export function* readMemory(pid: number, overlapBytes: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const pagemap = openSync(`/proc/${pid}/pagemap`, "r");
  try {
    for (const region of writableRegions(pid)) {
      for (const { start, end } of existingPages(pagemap, region)) {
        for (let offset = start; offset < end; offset += CHUNK_BYTES) {
          const lengthBytes = Math.min(CHUNK_BYTES + overlapBytes, end - offset);
          const chunk = readAt(memory, offset, lengthBytes);
          if (chunk !== undefined) yield chunk;
        }
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pagemap);
  }
}

interface Region {
  readonly start: number;
  readonly end: number;
}

function writableRegions(pid: number): Region[] {
  return readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line))
    .filter((match) => match !== null)
    .map(([, start = "", end = ""]) => ({
      start: Number.parseInt(start, 16),
      end: Number.parseInt(end, 16),
    }));
}

/** The runs of pages of a region that are in memory or swapped out. */
function* existingPages(pagemap: number, { start, end }: Region): Generator<Region> {
  const entries = readAt(
    pagemap,
    (start / PAGE_BYTES) * PAGEMAP_ENTRY_BYTES,
    ((end - start) / PAGE_BYTES) * PAGEMAP_ENTRY_BYTES,
  );
  if (entries === undefined) return;
  let runStart: number | undefined;
  for (let page = 0; page * PAGEMAP_ENTRY_BYTES < entries.length; page++) {
    const flags = entries[page * PAGEMAP_ENTRY_BYTES + 7] as number;
    const address = start + page * PAGE_BYTES;
    if ((flags & 0b1100_0000) !== 0) {
      runStart ??= address;
    } else if (runStart !== undefined) {
      yield { start: runStart, end: address };
      runStart = undefined;
    }
  }
  if (runStart !== undefined) yield { start: runStart, end };
}

/** Undefined when the process has given the place back in the meantime. */
function readAt(file: number, offset: number, lengthBytes: number): Buffer | undefined {
  const buffer = Buffer.alloc(lengthBytes);
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, lengthBytes, offset));
  } catch (error) {
    if (["EIO", "EFAULT"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
