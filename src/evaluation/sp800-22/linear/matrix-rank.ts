/**
 * The rank over GF(2) of a matrix of up to 32 columns.
 *
 * @param rows one word a row; they are overwritten
 */
export function rankOf(rows: Int32Array): number {
  let rank = 0;
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows[i] ?? 0;
    if (pivot === 0) continue;
    rank++;
    const lowestBit = pivot & -pivot;
    for (let j = i + 1; j < rows.length; j++) {
      const row = rows[j] ?? 0;
      if ((row & lowestBit) !== 0) rows[j] = row ^ pivot;
    }
  }
  return rank;
}

/**
 * The probability that a random square matrix over GF(2) has this rank, SP 800-22 section 3.5.
 *
 * @param order its rows and its columns
 */
export function rankProbability(rank: number, order: number): number {
  let product = 2 ** (rank * (2 * order - rank) - order * order);
  for (let i = 0; i < rank; i++) product *= (1 - 2 ** (i - order)) ** 2 / (1 - 2 ** (i - rank));
  return product;
}
