const DEFAULT_DIGITS = 4;
/** Outside of these bounds a fraction is written with a power of ten. */
const [LEAST_PLAIN, LEAST_POWER] = [1e-4, 1e9];

/**
 * A number for people to read. Whole numbers are written whole; others with so many significant digits, but
 * never rounded before the decimal point: `1,234.6`, `0.04820`, `1.235 × 10^-5`.
 */
export function formatNumber(value: number, digits = DEFAULT_DIGITS): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞").replace("-", "−");
  if (Number.isSafeInteger(value)) return format(value, 0);
  const magnitude = Math.abs(value);
  if (magnitude >= LEAST_PLAIN && magnitude < LEAST_POWER) {
    const beforePoint = Math.floor(Math.log10(magnitude)) + 1;
    return format(value, Math.max(0, digits - beforePoint));
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${format(Number(mantissa), digits - 1)} × 10^${Number(exponent)}`;
}

/** A number that was chosen, not measured: as short as it can be written. */
export function formatParameter(value: number): string {
  const magnitude = Math.abs(value);
  const isPlain = value === 0 || (magnitude >= LEAST_PLAIN && magnitude < LEAST_POWER);
  if (!isPlain && !Number.isSafeInteger(value)) return formatNumber(value);
  return value
    .toLocaleString("en", { maximumFractionDigits: 12, useGrouping: "min2" })
    .replace("-", "−");
}

function format(value: number, fractionDigits: number): string {
  return value
    .toLocaleString("en", {
      minimumFractionDigits: fractionDigits,
      maximumFractionDigits: fractionDigits,
      useGrouping: "min2",
    })
    .replace("-", "−");
}
