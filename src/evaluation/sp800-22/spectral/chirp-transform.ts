import { type ComplexArray, complexArray } from "./complex-array.ts";
import { MixedRadixTransform } from "./mixed-radix-transform.ts";

/**
 * The discrete Fourier transform of a length with large prime factors, by Bluestein's algorithm: with
 * 2 j k = j^2 + k^2 - (k - j)^2 it is a convolution with a chirp, for which any longer transform will do.
 */
export class ChirpTransform {
  readonly length: number;
  readonly #longer: MixedRadixTransform;
  /** e^(-pi i j^2 / N). */
  readonly #chirp: ComplexArray;
  /** The transform of the conjugate chirp, which is as long in both directions. */
  readonly #chirpSpectrum: ComplexArray;

  /** @param length N, at least 1 */
  constructor(length: number) {
    this.length = length;
    this.#chirp = chirpOf(length);
    this.#longer = new MixedRadixTransform(2 ** Math.ceil(Math.log2(2 * length - 1)));
    const both = complexArray(this.#longer.length);
    for (let j = 0; j < length; j++) {
      for (const place of [j, (both.re.length - j) % both.re.length]) {
        both.re[place] = this.#chirp.re[j] ?? 0;
        both.im[place] = -(this.#chirp.im[j] ?? 0);
      }
    }
    this.#chirpSpectrum = this.#longer.transform(both);
  }

  /** @param values N of them */
  transform(values: ComplexArray): ComplexArray {
    const padded = complexArray(this.#longer.length);
    multiply(values, this.#chirp, { into: padded, length: this.length });
    const spectrum = this.#longer.transform(padded);
    multiply(spectrum, this.#chirpSpectrum, { into: spectrum, length: spectrum.re.length });
    // Real and imaginary parts exchanged on the way in and out: the inverse transform but for its scale.
    const { re: im, im: re } = this.#longer.transform({ re: spectrum.im, im: spectrum.re });
    const result = complexArray(this.length);
    multiply({ re, im }, this.#chirp, { into: result, length: this.length });
    for (let k = 0; k < this.length; k++) {
      result.re[k] = (result.re[k] ?? 0) / this.#longer.length;
      result.im[k] = (result.im[k] ?? 0) / this.#longer.length;
    }
    return result;
  }
}

function chirpOf(length: number): ComplexArray {
  const chirp = complexArray(length);
  for (let j = 0; j < length; j++) {
    // Reduced first: the angle itself would lose digits.
    const angle = (Math.PI * ((j * j) % (2 * length))) / length;
    chirp.re[j] = Math.cos(angle);
    chirp.im[j] = -Math.sin(angle);
  }
  return chirp;
}

function multiply(
  a: ComplexArray,
  b: ComplexArray,
  { into, length }: { into: ComplexArray; length: number },
): void {
  for (let i = 0; i < length; i++) {
    const ar = a.re[i] ?? 0;
    const ai = a.im[i] ?? 0;
    const br = b.re[i] ?? 0;
    const bi = b.im[i] ?? 0;
    into.re[i] = ar * br - ai * bi;
    into.im[i] = ar * bi + ai * br;
  }
}
