import type { ComplexArray } from "./complex-array.ts";

/**
 * One pass of a transform of length N = span * stride: what is left to do are `stride` transforms of length
 * `span`, interleaved; after it are radix times as many, each shorter by the radix.
 */
export interface Pass {
  readonly span: number;
  readonly stride: number;
  readonly source: ComplexArray;
  readonly target: ComplexArray;
  /** e^(-2 pi i k / N), k = 0 ... N - 1. */
  readonly roots: ComplexArray;
}

export function radix2Pass({ span, stride, source, target, roots }: Pass): void {
  const { re, im } = source;
  const half = span / 2;
  for (let p = 0; p < half; p++) {
    const wr = roots.re[p * stride] as number;
    const wi = roots.im[p * stride] as number;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + stride * half;
      const out = q + stride * 2 * p;
      const ar = re[a] as number;
      const ai = im[a] as number;
      const br = re[b] as number;
      const bi = im[b] as number;
      target.re[out] = ar + br;
      target.im[out] = ai + bi;
      target.re[out + stride] = (ar - br) * wr - (ai - bi) * wi;
      target.im[out + stride] = (ar - br) * wi + (ai - bi) * wr;
    }
  }
}

export function radix4Pass({ span, stride, source, target, roots }: Pass): void {
  const { re, im } = source;
  const quarter = span / 4;
  const step = stride * quarter;
  for (let p = 0; p < quarter; p++) {
    const w1r = roots.re[p * stride] as number;
    const w1i = roots.im[p * stride] as number;
    const w2r = roots.re[2 * p * stride] as number;
    const w2i = roots.im[2 * p * stride] as number;
    const w3r = roots.re[3 * p * stride] as number;
    const w3i = roots.im[3 * p * stride] as number;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const out = q + stride * 4 * p;
      const sumAcR = (re[a] as number) + (re[c] as number);
      const sumAcI = (im[a] as number) + (im[c] as number);
      const differenceAcR = (re[a] as number) - (re[c] as number);
      const differenceAcI = (im[a] as number) - (im[c] as number);
      const sumBdR = (re[b] as number) + (re[d] as number);
      const sumBdI = (im[b] as number) + (im[d] as number);
      const differenceBdR = (re[b] as number) - (re[d] as number);
      const differenceBdI = (im[b] as number) - (im[d] as number);
      const y1r = differenceAcR + differenceBdI;
      const y1i = differenceAcI - differenceBdR;
      const y2r = sumAcR - sumBdR;
      const y2i = sumAcI - sumBdI;
      const y3r = differenceAcR - differenceBdI;
      const y3i = differenceAcI + differenceBdR;
      target.re[out] = sumAcR + sumBdR;
      target.im[out] = sumAcI + sumBdI;
      target.re[out + stride] = y1r * w1r - y1i * w1i;
      target.im[out + stride] = y1r * w1i + y1i * w1r;
      target.re[out + 2 * stride] = y2r * w2r - y2i * w2i;
      target.im[out + 2 * stride] = y2r * w2i + y2i * w2r;
      target.re[out + 3 * stride] = y3r * w3r - y3i * w3i;
      target.im[out + 3 * stride] = y3r * w3i + y3i * w3r;
    }
  }
}
