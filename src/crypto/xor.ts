/** `a` XOR `b`, byte by byte, as a new array of the length of `a`. `b` is at least as long. */
export function xorBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length);
  for (let index = 0; index < a.length; index++) {
    result[index] = (a[index] as number) ^ (b[index] as number);
  }
  return result;
}
