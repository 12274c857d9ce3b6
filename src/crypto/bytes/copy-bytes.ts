/** V8 keeps arrays of up to so many bytes in its heap. */
const IN_HEAP_BYTES = 64;

/** The bytes of `source` from `start` to before `end`, as a new array; for few bytes. */
export function copyBytes(source: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  for (let index = 0; index < copy.length; index++) copy[index] = source[start + index] as number;
  return copy;
}

/**
 * The same, to be read only: of a short array a copy, of a long one a view. A view on a short one makes V8 move it out
 * of its heap for good, which costs several times what the copy does, and as much again when it is freed.
 */
export function partOf(source: Uint8Array, start: number, end: number): Uint8Array {
  return source.length > IN_HEAP_BYTES
    ? source.subarray(start, end)
    : copyBytes(source, start, end);
}
