/**
 * The serial correlation coefficient of octets (Knuth, The Art of Computer Programming, volume 2, section
 * 3.3.2 K): the correlation of each octet with the next, the last one's next being the first, as the tool
 * `ent` gives it. About 0 for random octets, with a standard deviation of about 1 / sqrt(n).
 *
 * @returns -1 to 1; NaN when all octets are equal
 */
export function serialCorrelation(octets: Uint8Array): number {
  const n = octets.length;
  let products = 0;
  let sum = 0;
  let squares = 0;
  let previous = octets[n - 1] as number;
  for (const octet of octets) {
    products += previous * octet;
    sum += octet;
    squares += octet * octet;
    previous = octet;
  }
  return (n * products - sum ** 2) / (n * squares - sum ** 2);
}
