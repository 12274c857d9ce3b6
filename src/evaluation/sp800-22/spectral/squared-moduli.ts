import { ChirpTransform } from "./chirp-transform.ts";
import { type ComplexArray, complexArray } from "./complex-array.ts";
import { MixedRadixTransform, radicesOf } from "./mixed-radix-transform.ts";

/** From about here on a factor costs more than the longer transform that avoids it. */
const LARGEST_FACTOR = 40;

/** Tables depend on the length only, and sequences that are compared have the same. */
let lastTransform: MixedRadixTransform | ChirpTransform | undefined;

function transformOf(length: number): MixedRadixTransform | ChirpTransform {
  if (lastTransform?.length !== length) {
    const isSmooth = radicesOf(length).every((radix) => radix <= LARGEST_FACTOR);
    lastTransform = isSmooth ? new MixedRadixTransform(length) : new ChirpTransform(length);
  }
  return lastTransform;
}

/**
 * |X_k|^2 of the discrete Fourier transform of a sequence of n bits, a one as +1 and a zero as -1.
 *
 * @param bits zeros and ones, n of them, at least 2
 * @returns for k = 0 ... floor(n / 2) - 1; the others are the same again, and k = n / 2
 */
export function squaredModuli(bits: Uint8Array): Float64Array {
  return bits.length % 2 === 0 ? ofEvenLength(bits) : ofOddLength(bits);
}

function ofOddLength(bits: Uint8Array): Float64Array {
  const values = complexArray(bits.length);
  for (let i = 0; i < bits.length; i++) values.re[i] = 2 * (bits[i] ?? 0) - 1;
  const { re, im } = transformOf(bits.length).transform(values);
  return Float64Array.from(
    { length: (bits.length - 1) / 2 },
    (_, k) => (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2,
  );
}

/** Two bits make a complex number, and half as many of these are transformed. */
function ofEvenLength(bits: Uint8Array): Float64Array {
  const half = bits.length / 2;
  const pairs = complexArray(half);
  for (let i = 0; i < half; i++) {
    pairs.re[i] = 2 * (bits[2 * i] ?? 0) - 1;
    pairs.im[i] = 2 * (bits[2 * i + 1] ?? 0) - 1;
  }
  return separate(transformOf(half).transform(pairs));
}

/**
 * From Z, the transform of x_2j + i x_(2j+1), to X: X_k = E_k + e^(-2 pi i k / n) O_k with
 * E_k = (Z_k + Z*_(n/2-k)) / 2 and O_k = -i (Z_k - Z*_(n/2-k)) / 2.
 */
function separate({ re, im }: ComplexArray): Float64Array {
  const half = re.length;
  const moduli = new Float64Array(half);
  for (let k = 0; k < half; k++) {
    const mirror = k === 0 ? 0 : half - k;
    const zr = re[k] ?? 0;
    const zi = im[k] ?? 0;
    const mr = re[mirror] ?? 0;
    const mi = im[mirror] ?? 0;
    const oddR = (zi + mi) / 2;
    const oddI = (mr - zr) / 2;
    const cos = Math.cos((Math.PI * k) / half);
    const sin = Math.sin((Math.PI * k) / half);
    const xr = (zr + mr) / 2 + oddR * cos + oddI * sin;
    const xi = (zi - mi) / 2 + oddI * cos - oddR * sin;
    moduli[k] = xr * xr + xi * xi;
  }
  return moduli;
}
