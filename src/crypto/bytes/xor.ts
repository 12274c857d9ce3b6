/** `a` XOR `b`, byte by byte, as a new array of the length of `a`. `b` is at least as long. */
export function xorBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length);
  for (let index = 0; index < a.length; index++) {
    result[index] = (a[index] as number) ^ (b[index] as number);
  }
  return result;
}

/** Changes `target` from `offset` on by XOR with `mask`, which must fit. */
export function xorInto(target: Uint8Array, mask: Uint8Array, offset: number): void {
  for (let index = 0; index < mask.length; index++) {
    target[offset + index] = (target[offset + index] as number) ^ (mask[index] as number);
  }
}
