import type { Pass } from "./radix-passes.ts";

const COS_1 = Math.cos((2 * Math.PI) / 5);
const COS_2 = Math.cos((4 * Math.PI) / 5);
const SIN_1 = Math.sin((2 * Math.PI) / 5);
const SIN_2 = Math.sin((4 * Math.PI) / 5);

/** The same as `anyRadixPass` for radix 5, which is most of the work for lengths that are powers of ten. */
export function radix5Pass({ span, stride, source, target, roots }: Pass): void {
  const { re, im } = source;
  const fifth = span / 5;
  const step = stride * fifth;
  for (let p = 0; p < fifth; p++) {
    const w1r = roots.re[p * stride] as number;
    const w1i = roots.im[p * stride] as number;
    const w2r = roots.re[2 * p * stride] as number;
    const w2i = roots.im[2 * p * stride] as number;
    const w3r = roots.re[3 * p * stride] as number;
    const w3i = roots.im[3 * p * stride] as number;
    const w4r = roots.re[4 * p * stride] as number;
    const w4i = roots.im[4 * p * stride] as number;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const ar = re[a] as number;
      const ai = im[a] as number;
      // Inputs 1 and 4, and 2 and 3, always come as their sum or their difference.
      const sum1r = (re[a + step] as number) + (re[a + 4 * step] as number);
      const sum1i = (im[a + step] as number) + (im[a + 4 * step] as number);
      const difference1r = (re[a + step] as number) - (re[a + 4 * step] as number);
      const difference1i = (im[a + step] as number) - (im[a + 4 * step] as number);
      const sum2r = (re[a + 2 * step] as number) + (re[a + 3 * step] as number);
      const sum2i = (im[a + 2 * step] as number) + (im[a + 3 * step] as number);
      const difference2r = (re[a + 2 * step] as number) - (re[a + 3 * step] as number);
      const difference2i = (im[a + 2 * step] as number) - (im[a + 3 * step] as number);
      // Outputs 1 and 4 are even1 + odd1 and even1 - odd1, outputs 2 and 3 likewise.
      const even1r = ar + COS_1 * sum1r + COS_2 * sum2r;
      const even1i = ai + COS_1 * sum1i + COS_2 * sum2i;
      const even2r = ar + COS_2 * sum1r + COS_1 * sum2r;
      const even2i = ai + COS_2 * sum1i + COS_1 * sum2i;
      const odd1r = SIN_1 * difference1i + SIN_2 * difference2i;
      const odd1i = -SIN_1 * difference1r - SIN_2 * difference2r;
      const odd2r = SIN_2 * difference1i - SIN_1 * difference2i;
      const odd2i = -SIN_2 * difference1r + SIN_1 * difference2r;
      const y1r = even1r + odd1r;
      const y1i = even1i + odd1i;
      const y2r = even2r + odd2r;
      const y2i = even2i + odd2i;
      const y3r = even2r - odd2r;
      const y3i = even2i - odd2i;
      const y4r = even1r - odd1r;
      const y4i = even1i - odd1i;
      const out = q + stride * 5 * p;
      target.re[out] = ar + sum1r + sum2r;
      target.im[out] = ai + sum1i + sum2i;
      target.re[out + stride] = y1r * w1r - y1i * w1i;
      target.im[out + stride] = y1r * w1i + y1i * w1r;
      target.re[out + 2 * stride] = y2r * w2r - y2i * w2i;
      target.im[out + 2 * stride] = y2r * w2i + y2i * w2r;
      target.re[out + 3 * stride] = y3r * w3r - y3i * w3i;
      target.im[out + 3 * stride] = y3r * w3i + y3i * w3r;
      target.re[out + 4 * stride] = y4r * w4r - y4i * w4i;
      target.im[out + 4 * stride] = y4r * w4i + y4i * w4r;
    }
  }
}

/** Of any radix, by the definition of the transform: radix^2 products for each radix values. */
export function anyRadixPass({ span, stride, source, target, roots }: Pass, radix: number): void {
  const part = span / radix;
  const length = span * stride;
  const rootStep = length / radix;
  for (let p = 0; p < part; p++) {
    for (let output = 0; output < radix; output++) {
      for (let q = 0; q < stride; q++) {
        let sumR = 0;
        let sumI = 0;
        for (let input = 0; input < radix; input++) {
          // e^(-2 pi i output input / radix), and what the next passes need, in one root.
          const root = (output * (input * rootStep + p * stride)) % length;
          const wr = roots.re[root] as number;
          const wi = roots.im[root] as number;
          const a = q + stride * (p + part * input);
          const ar = source.re[a] as number;
          const ai = source.im[a] as number;
          sumR += ar * wr - ai * wi;
          sumI += ar * wi + ai * wr;
        }
        const out = q + stride * (radix * p + output);
        target.re[out] = sumR;
        target.im[out] = sumI;
      }
    }
  }
}
