/** `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** `1 device`, `12,345 devices`. @param plural when it is more than the noun with an s */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** Three digits that count: `0.0287`, `8.73`, `1,230`. */
export function formatRounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** `0.0287 %`. @param share 0 to 1 */
export function formatShare(share: number): string {
  return `${formatRounded(share * 100)} %`;
}
