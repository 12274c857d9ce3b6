import { type ComplexArray, complexArray } from "./complex-array.ts";
import { anyRadixPass, radix5Pass } from "./odd-radix-passes.ts";
import { type Pass, radix2Pass, radix4Pass } from "./radix-passes.ts";

/**
 * The discrete Fourier transform X_k = sum of x_j e^(-2 pi i j k / N) of one length, by the algorithm of
 * Cooley and Tukey in the form of Stockham: each pass moves everything to where the next one wants it, so
 * there is no sorting at the end.
 *
 * Own code because the lengths of the test are powers of ten: the libraries that are kept up transform
 * powers of two only, and to get to 10^6 through two of 2^20 takes several times as long; those for other
 * lengths (KISS FFT) are compiled for single precision.
 */
export class MixedRadixTransform {
  readonly length: number;
  readonly #radices: readonly number[];
  readonly #roots: ComplexArray;

  /** @param length N, at least 1; the work grows with N times the sum of its prime factors */
  constructor(length: number) {
    this.length = length;
    this.#radices = radicesOf(length);
    this.#roots = rootsOfUnity(length);
  }

  /**
   * @param values N of them; they are overwritten
   * @returns X_0 ... X_(N - 1), which may be in the arrays of `values`
   */
  transform(values: ComplexArray): ComplexArray {
    let source = values;
    let target = complexArray(this.length);
    let span = this.length;
    let stride = 1;
    for (const radix of this.#radices) {
      passOf(radix, { span, stride, source, target, roots: this.#roots });
      [source, target] = [target, source];
      span /= radix;
      stride *= radix;
    }
    return source;
  }
}

function passOf(radix: number, pass: Pass): void {
  if (radix === 2) radix2Pass(pass);
  else if (radix === 4) radix4Pass(pass);
  else if (radix === 5) radix5Pass(pass);
  else anyRadixPass(pass, radix);
}

/** Prime factors in ascending order, but 4 rather than two times 2. */
export function radicesOf(length: number): number[] {
  const radices: number[] = [];
  let rest = length;
  for (let factor = 4; rest > 1; factor = nextFactor(factor, rest)) {
    while (rest % factor === 0) {
      radices.push(factor);
      rest /= factor;
    }
  }
  return radices;
}

function nextFactor(factor: number, rest: number): number {
  if (factor === 4) return 2;
  if (factor === 2) return 3;
  return (factor + 2) ** 2 > rest ? rest : factor + 2;
}

function rootsOfUnity(length: number): ComplexArray {
  const roots = complexArray(length);
  for (let k = 0; k < length; k++) {
    roots.re[k] = Math.cos((2 * Math.PI * k) / length);
    roots.im[k] = -Math.sin((2 * Math.PI * k) / length);
  }
  return roots;
}
